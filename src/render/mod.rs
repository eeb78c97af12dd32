//! From the linked site to bytes: views (data, never look-ups), Tera, drawings, feeds and data files.

mod body;
mod call;
mod context;
mod data;
mod draw;
mod fault;
mod feed;
mod hosts;
mod json_ld;
mod key;
mod noted;
mod redirect;
mod search;
mod shown;
mod sitemap;
mod templates;
mod tidy;
pub mod view;

pub use body::{Noted, Pictures, output_of};
pub use call::check_calls;
pub use context::{Begun, Ready, Rendered, Renderer, base_path};
pub use data::{data_files, data_names};
pub use feed::feed;
pub use hosts::{HOST_FILES, cache_control, host_files, security_headers};
pub use redirect::{alias_output, redirect};
pub use search::search_index;
pub use shown::{SharedView, Shown};
pub use sitemap::{robots, sitemap};
pub use templates::Templates;
pub use tidy::tidy_css;
