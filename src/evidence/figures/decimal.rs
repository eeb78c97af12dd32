use std::fmt;

/// A number in plain decimal digits, of any length: no sign unless negative, no zeros that say nothing.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Decimal(Box<str>);

impl Decimal {
    /// The number that `digits` (with at most one `.`) says, times ten to the power of `shift`.
    pub(super) fn new(digits: &str, shift: usize) -> Self {
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let mut all = format!("{whole}{part}");
        all.extend(std::iter::repeat_n('0', shift.saturating_sub(part.len())));
        let (whole, part) = all.split_at((whole.len() + shift).min(all.len()));
        let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
        let whole = if whole.is_empty() { "0" } else { whole };
        Self(if part.is_empty() { whole.into() } else { format!("{whole}.{part}").into() })
    }

    /// This times ten to the power of `shift`.
    pub(super) fn times(&self, shift: usize) -> Self {
        Self::new(&self.0, shift)
    }

    /// The same below zero.
    pub(super) fn negative(&self) -> Self {
        Self(format!("-{}", self.0).into())
    }

    /// Whether it is several of these: two or more, and not so many that one would count by a greater unit.
    pub(super) fn is_several(&self, unit: &Self) -> bool {
        let (own, unit) = (self.size(), unit.size());
        // The next unit that English has a word for: a thousand of these, or for dozens, tens and hundreds much sooner.
        let is_thousands = [1e3, 1e6, 1e9, 1e12].contains(&unit);
        own >= 2.0 * unit && own < unit * if is_thousands { 1000.0 } else { 20.0 }
    }

    /// Its size, as exactly as a floating-point number has it.
    pub(super) fn size(&self) -> f64 {
        self.0.parse().unwrap_or_default()
    }

    /// As a whole number, where it is one that fits.
    pub fn whole(&self) -> Option<u32> {
        self.0.parse().ok()
    }
}

impl From<u32> for Decimal {
    fn from(number: u32) -> Self {
        Self(number.to_string().into())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_form() {
        for (digits, shift, expected) in [
            ("1500", 0, "1500"),
            ("007", 0, "7"),
            ("0.50", 0, "0.5"),
            ("100", 9, "100000000000"),
            ("1.25", 1, "12.5"),
            ("1.25", 6, "1250000"),
            ("0", 3, "0"),
            ("123456789012345678901234567890123456789012", 0, "123456789012345678901234567890123456789012"),
        ] {
            assert_eq!(Decimal::new(digits, shift).to_string(), expected);
        }
    }
}
