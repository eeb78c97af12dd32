//! Parsed pages as bytes, for the cache. The patterns are exhaustive, so that a new field does not compile until it is
//! added here; the cache is versioned by the program.

use super::{
    Answer, AnswerBody, Body, Call, Citation, Correction, Day, FrontKeys, FrontMatter, Heading, Link, PageMetadata,
    Placed, ReaderQuestion, Slot,
};
use crate::source::{Decoder, Encoder, SitePath, Span};

impl PageMetadata {
    /// Writes it as bytes, without its path.
    pub fn encode(&self, out: &mut Encoder) {
        let Self {
            path: _,
            front,
            keys,
            title,
            title_id,
            headings,
            anchors,
            links,
            citations,
            linked_keys,
            calls,
            answers,
            factual,
            cited,
            words,
        } = self;
        encode_front(front, out);
        out.list(keys.0.iter(), |out, (key, place)| {
            out.text(key);
            out.size(place.start);
            out.size(place.end);
        });
        out.text(title);
        out.option(title_id.as_ref(), |out, id| out.text(id));
        out.list(headings.iter(), |out, Heading { level, id, html }| {
            out.number(u64::from(*level));
            out.text(id);
            out.text(html);
        });
        out.list(anchors.iter(), |out, anchor| out.text(anchor));
        out.list(links.iter(), |out, Link { target, image, raw, span }| {
            out.text(target);
            out.flag(*image);
            out.flag(*raw);
            encode_span(span, out);
        });
        for citations in [citations, linked_keys] {
            out.list(citations.iter(), |out, Citation { key, locator, prefix, suffix, in_text, span }| {
                out.text(key);
                out.text(prefix);
                out.text(suffix);
                out.flag(*in_text);
                out.option(locator.as_ref(), |out, locator| out.text(locator));
                encode_span(span, out);
            });
        }
        out.list(calls.iter(), |out, Call { name, args, span }| {
            out.text(name);
            out.list(args.iter(), |out, (key, value, span)| {
                out.text(key);
                out.text(value);
                encode_span(span, out);
            });
            encode_span(span, out);
        });
        out.list(answers.iter(), |out, Answer { code, why, block, span }| {
            out.text(code);
            out.text(why);
            encode_span(block, out);
            encode_span(span, out);
        });
        for number in [factual, cited, words] {
            out.number(u64::from(*number));
        }
    }

    /// Reads what [`PageMetadata::encode`] wrote of the file `path`.
    pub fn decode(path: &SitePath, from: &mut Decoder<'_>) -> Option<Self> {
        Some(Self {
            path: path.clone(),
            front: decode_front(from)?,
            keys: FrontKeys(from.list(|from| Some((from.string()?, from.size()?..from.size()?)))?),
            title: from.string()?,
            title_id: from.option(Decoder::string)?,
            headings: from.list(|from| {
                Some(Heading { level: u8::try_from(from.number()?).ok()?, id: from.string()?, html: from.string()? })
            })?,
            anchors: from.list(Decoder::string)?,
            links: from.list(|from| {
                let (target, image, raw) = (from.string()?, from.flag()?, from.flag()?);
                Some(Link { target, image, raw, span: decode_span(path, from)? })
            })?,
            citations: decode_citations(path, from)?,
            linked_keys: decode_citations(path, from)?,
            calls: from.list(|from| {
                let name = from.string()?;
                let args = from.list(|from| Some((from.string()?, from.string()?, decode_span(path, from)?)))?;
                Some(Call { name, args, span: decode_span(path, from)? })
            })?,
            answers: from.list(|from| {
                let (code, why) = (from.string()?, from.string()?);
                Some(Answer { code, why, block: decode_span(path, from)?, span: decode_span(path, from)? })
            })?,
            factual: small(from)?,
            cited: small(from)?,
            words: small(from)?,
        })
    }
}

fn decode_citations(path: &SitePath, from: &mut Decoder<'_>) -> Option<Vec<Citation>> {
    from.list(|from| {
        let (key, prefix, suffix, in_text) = (from.string()?, from.string()?, from.string()?, from.flag()?);
        let locator = from.option(Decoder::string)?;
        Some(Citation { key, locator, prefix, suffix, in_text, span: decode_span(path, from)? })
    })
}

impl Body {
    /// Writes it as bytes.
    pub fn encode(&self, out: &mut Encoder) {
        let Self { html, slots, is_listed } = self;
        out.flag(*is_listed);
        out.text(html);
        out.list(slots.iter(), |out, (at, slot)| {
            out.size(*at);
            match slot {
                Slot::Href(index) => {
                    out.number(0);
                    out.size(*index);
                }
                Slot::Src(index) => {
                    out.number(1);
                    out.size(*index);
                }
                Slot::Address(index) => {
                    out.number(4);
                    out.size(*index);
                }
                Slot::Cite { first, count } => {
                    out.number(2);
                    out.size(*first);
                    out.size(*count);
                }
                Slot::Answers(answers) => {
                    out.number(5);
                    out.list(answers.iter(), |out, AnswerBody { body, citations }| {
                        out.size(citations.start);
                        out.size(citations.end);
                        body.encode(out);
                    });
                }
                Slot::Call { index, body } => {
                    out.number(3);
                    out.size(*index);
                    body.encode(out);
                }
            }
        });
    }

    /// Reads what [`Body::encode`] wrote.
    pub fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        Self::decode_within(from, 64)
    }

    fn decode_within(from: &mut Decoder<'_>, depth: usize) -> Option<Self> {
        let depth = depth.checked_sub(1)?;
        Some(Self {
            is_listed: from.flag()?,
            html: from.string()?,
            slots: from.list(|from| {
                let at = from.size()?;
                let slot = match from.number()? {
                    0 => Slot::Href(from.size()?),
                    1 => Slot::Src(from.size()?),
                    2 => Slot::Cite { first: from.size()?, count: from.size()? },
                    3 => Slot::Call { index: from.size()?, body: Box::new(Self::decode_within(from, depth)?) },
                    4 => Slot::Address(from.size()?),
                    5 => Slot::Answers(from.list(|from| {
                        let citations = from.size()?..from.size()?;
                        Some(AnswerBody { citations, body: Self::decode_within(from, depth)? })
                    })?),
                    _ => return None,
                };
                Some((at, slot))
            })?,
        })
    }
}

fn encode_front(front: &FrontMatter, out: &mut Encoder) {
    let FrontMatter {
        title,
        summary,
        topic,
        order,
        date,
        updated,
        expires,
        draft,
        template,
        slug,
        aliases,
        image,
        image_alt,
        toc,
        math,
        coverage,
        uncited,
        answers,
        corrections,
        extra,
    } = front;
    for text in [title, summary, topic, template, slug, image, image_alt, uncited] {
        out.option(text.as_ref(), |out, text| out.text(text));
    }
    out.option(*order, |out, order| out.word(order.cast_unsigned()));
    for day in [date, updated, expires] {
        out.option(*day, encode_day);
    }
    out.flag(*draft);
    out.flag(*math);
    out.list(aliases.iter(), |out, alias| out.text(alias));
    out.option(*toc, Encoder::flag);
    out.option(*coverage, |out, coverage| out.number(u64::from(coverage)));
    out.list(corrections.iter(), |out, Correction { date, text, claims }| {
        encode_day(out, *date);
        out.text(text);
        out.list(claims.iter(), |out, claim| encode_placed(claim, out));
    });
    out.list(answers.iter(), |out, ReaderQuestion { question, answer, claims, disagreement }| {
        encode_placed(question, out);
        encode_placed(answer, out);
        out.list(claims.iter(), |out, claim| encode_placed(claim, out));
        out.option(disagreement.as_ref(), |out, id| encode_placed(id, out));
    });
    // Text keys and values that came from YAML: they always can be JSON.
    let extra = (!extra.is_empty()).then(|| serde_json::to_string(extra).unwrap_or_default());
    out.option(extra, |out, extra| out.text(&extra));
}

fn decode_front(from: &mut Decoder<'_>) -> Option<FrontMatter> {
    let mut text = || from.option(Decoder::string);
    let (title, summary, topic, template) = (text()?, text()?, text()?, text()?);
    let (slug, image, image_alt, uncited) = (text()?, text()?, text()?, text()?);
    let order = from.option(Decoder::word)?.map(u64::cast_signed);
    let mut day = || from.option(decode_day);
    let (date, updated, expires) = (day()?, day()?, day()?);
    Some(FrontMatter {
        title,
        summary,
        topic,
        order,
        date,
        updated,
        expires,
        draft: from.flag()?,
        math: from.flag()?,
        template,
        slug,
        aliases: from.list(Decoder::string)?,
        image,
        image_alt,
        toc: from.option(Decoder::flag)?,
        coverage: from.option(|from| u8::try_from(from.number()?).ok())?,
        uncited,
        corrections: from.list(|from| {
            Some(Correction { date: decode_day(from)?, text: from.string()?, claims: from.list(decode_placed)? })
        })?,
        answers: from.list(|from| {
            Some(ReaderQuestion {
                question: decode_placed(from)?,
                answer: decode_placed(from)?,
                claims: from.list(decode_placed)?,
                disagreement: from.option(decode_placed)?,
            })
        })?,
        extra: match from.option(Decoder::text)? {
            Some(text) => serde_json::from_str(text).ok()?,
            None => serde_json::Map::new(),
        },
    })
}

fn encode_placed(Placed { text, at }: &Placed, out: &mut Encoder) {
    out.text(text);
    out.size(at.start);
    out.size(at.end);
}

fn decode_placed(from: &mut Decoder<'_>) -> Option<Placed> {
    Some(Placed { text: from.string()?, at: from.size()?..from.size()? })
}

fn encode_day(out: &mut Encoder, day: Day) {
    // Years before 1 are negative.
    out.word(i64::from(day.year()).cast_unsigned());
    out.number(u64::from(day.month().unsigned_abs()));
    out.number(u64::from(day.day().unsigned_abs()));
}

fn decode_day(from: &mut Decoder<'_>) -> Option<Day> {
    let year = i16::try_from(from.word()?.cast_signed()).ok()?;
    Day::new(year, i8::try_from(from.number()?).ok()?, i8::try_from(from.number()?).ok()?).ok()
}

/// All spans are in the file of the page itself.
fn encode_span(span: &Span, out: &mut Encoder) {
    out.size(span.start);
    out.size(span.end.saturating_sub(span.start));
}

fn decode_span(path: &SitePath, from: &mut Decoder<'_>) -> Option<Span> {
    let start = from.size()?;
    Some(Span::new(path, start..start.checked_add(from.size()?)?))
}

fn small(from: &mut Decoder<'_>) -> Option<u32> {
    u32::try_from(from.number()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::{Settings, page};

    const PAGE: &str = "---\ntitle: Everything\nsummary: All of it.\norder: -3\ndate: 2018-02-23\nupdated: 2019-01-01\n\
        aliases: [a, b]\ntoc: true\ncoverage: 40\ncorrections:\n- date: 2020-02-02\n  text: A word\nextra: {a: [1, null, x]}\n---\n\
        Text with *much* in it [@a; @b, line 9]. And [a link](b.md#c) ![p](p.png \"t\").[^n]\n\n## Head {#h}\n\n\
        <!-- uncited: no -->\n- item one says it\n\n| a | b |\n|---|--:|\n| c | d |\n\n```rust hl=1\nfn a() {}\n```\n\n\
        ```{note} title=\"x y\"\nInner [@c] text is *here* now.\n```\n\n[^n]: The note.\n";

    fn parsed() -> crate::parse::Document {
        let path = SitePath::new("content/a.md").unwrap();
        page(&path, PAGE.as_bytes(), &Settings::default()).0.unwrap()
    }

    #[test]
    fn a_page_comes_back_whole() {
        let document = parsed();
        let mut out = Encoder::default();
        document.metadata.encode(&mut out);
        document.body.encode(&mut out);
        let mut from = Decoder::new(&out.bytes);
        let path = &document.metadata.path;
        assert_eq!(PageMetadata::decode(path, &mut from).as_ref(), Some(&document.metadata));
        assert_eq!(Body::decode(&mut from).as_ref(), Some(&document.body));
        assert!(from.is_done());
        assert!(!document.metadata.calls.is_empty() && !document.metadata.front.extra.is_empty());
    }

    #[test]
    fn every_changed_byte_is_read_without_harm() {
        let document = parsed();
        let mut out = Encoder::default();
        document.metadata.encode(&mut out);
        document.body.encode(&mut out);
        for at in 0..out.bytes.len() {
            for change in [1, 0x80, 0xff] {
                let mut bytes = out.bytes.clone();
                bytes[at] ^= change;
                let mut from = Decoder::new(&bytes);
                let _ = PageMetadata::decode(&document.metadata.path, &mut from).and_then(|_| Body::decode(&mut from));
            }
            assert!(Decoder::new(&out.bytes[..at]).text().is_none_or(|text| text.len() <= at));
        }
    }
}
