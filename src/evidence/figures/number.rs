use std::fmt;

/// An exact decimal number, not negative: `digits` times ten to the power of `exponent`, without trailing zeros, so that
/// equal numbers are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    digits: u128,
    exponent: i32,
}

/// The most digits that are read; longer numbers are cut, which no quantity in prose is.
const LIMIT: usize = 30;

impl Decimal {
    /// Reads digits with at most one point; anything else is passed over.
    pub(super) fn read(text: &str) -> Self {
        let mut number = Self { digits: 0, exponent: 0 };
        let mut after_point = false;
        let mut count = 0;
        for c in text.chars() {
            match c.to_digit(10) {
                Some(digit) if count < LIMIT => {
                    number.digits = number.digits * 10 + u128::from(digit);
                    number.exponent -= i32::from(after_point);
                    count += usize::from(number.digits != 0);
                }
                Some(_) => number.exponent += i32::from(!after_point),
                None => after_point |= c == '.',
            }
        }
        number.normal()
    }

    /// This times ten to the power of `exponent`.
    pub(super) fn shift(self, exponent: i32) -> Self {
        Self { exponent: self.exponent.saturating_add(exponent), ..self }.normal()
    }

    fn normal(mut self) -> Self {
        while self.digits != 0 && self.digits.is_multiple_of(10) {
            self.digits /= 10;
            self.exponent = self.exponent.saturating_add(1);
        }
        if self.digits == 0 { Self { digits: 0, exponent: 0 } } else { self }
    }
}

impl From<u32> for Decimal {
    fn from(value: u32) -> Self {
        Self { digits: value.into(), exponent: 0 }.normal()
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits.to_string();
        match (usize::try_from(self.exponent), usize::try_from(self.exponent.unsigned_abs())) {
            (Ok(zeros @ ..=30), _) => write!(f, "{digits}{}", "0".repeat(zeros)),
            (Err(_), Ok(places @ ..=30)) => {
                let padded = format!("{digits:0>width$}", width = places + 1);
                let (whole, fraction) = padded.split_at(padded.len() - places);
                write!(f, "{whole}.{fraction}")
            }
            _ => write!(f, "{digits}e{}", self.exponent),
        }
    }
}
