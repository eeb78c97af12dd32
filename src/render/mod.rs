//! From the linked site to bytes: views (data, never look-ups), Tera, drawings, feeds and data files.

mod body;
mod call;
mod cards;
mod context;
mod data;
mod draw;
mod feed;
mod hash_serializer;
mod hashed_value;
mod host_limits;
mod hosting_config;
mod json_ld;
mod key;
mod minify_css;
mod redirect;
mod running;
mod search;
mod sitemap;
mod template_depth;
mod template_errors;
mod templates;
pub mod view;

pub use body::{Pictures, PlainAddresses, output_of};
pub use call::check_calls;
pub use context::{Begun, Ready, Rendered, Renderer, base_path};
pub use data::{data_files, data_names};
pub use feed::{Content, feed};
pub use hashed_value::{HashedValue, SharedView};
pub use host_limits::over_limits;
pub use hosting_config::{HOST_FILES, cache_control, host_files, security_headers};
pub use minify_css::tidy_css;
pub use redirect::redirect;
pub use running::{Runaway, TICKS, tick};
pub use search::search_index;
pub use sitemap::{robots, sitemap};
pub use templates::{OUTPUT_LIMIT, Templates, template_limit};
