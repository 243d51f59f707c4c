//! What a method was called with.

use std::ffi::CStr;

use ext_php_rs::{ffi::zend_wrong_parameters_count_error, types::Zval, zend::ExecuteData};
use reset_password_bindings::{Error, Text};

use crate::{
    classes::{Parameter, count_required},
    zend,
};

/// Why a call ends without an answer.
pub enum Stop {
    /// An exception of PHP's own is on its way.
    Thrown,
    /// One of ours is to be thrown.
    Error(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<ext_php_rs::error::Error> for Stop {
    fn from(error: ext_php_rs::error::Error) -> Self {
        Self::Error(Error::internal(error.to_string()))
    }
}

/// The arguments of the call under way, by position.
pub struct Arguments<'a> {
    frame: &'a mut ExecuteData,
    given: usize,
}

impl<'a> Arguments<'a> {
    /// Checks how many there are.
    #[expect(unsafe_code, reason = "PHP's C interface")]
    pub fn of(frame: &'a mut ExecuteData, parameters: &[Parameter]) -> Result<Self, Stop> {
        // SAFETY: every member of the union is this number while a call is under way.
        let given = unsafe { frame.This.u2.num_args } as usize;
        let (least, most) = (count_required(parameters), parameters.len());
        if (least..=most).contains(&given) {
            return Ok(Self { frame, given });
        }
        let bound = |count| u32::try_from(count).unwrap_or(u32::MAX);
        // SAFETY: a call of a native function is under way, which is what it speaks of.
        unsafe { zend_wrong_parameters_count_error(bound(least), bound(most)) };
        Err(Stop::Thrown)
    }

    pub fn text(&mut self, position: usize) -> Result<Text, Stop> {
        match self.argument(position) {
            Some(argument) => text(argument, position, c"of type string"),
            None => Err(Stop::Thrown),
        }
    }

    pub fn text_or_none(&mut self, position: usize) -> Result<Option<Text>, Stop> {
        self.present(position)
            .map(|argument| text(argument, position, c"of type ?string"))
            .transpose()
    }

    pub fn whole_number_or_none(&mut self, position: usize) -> Result<Option<i64>, Stop> {
        self.present(position)
            .map(|argument| {
                zend::whole_number_argument(argument, number(position))
                    .ok_or_else(|| refuse(position, c"of type ?int", argument))
            })
            .transpose()
    }

    pub fn boolean_or_none(&mut self, position: usize) -> Result<Option<bool>, Stop> {
        self.present(position)
            .map(|argument| {
                zend::boolean_argument(argument, number(position))
                    .ok_or_else(|| refuse(position, c"of type ?bool", argument))
            })
            .transpose()
    }

    /// A list of texts. Keys mean nothing.
    pub fn texts_or_none(&mut self, position: usize) -> Result<Option<Vec<Text>>, Stop> {
        let Some(argument) = self.present(position) else {
            return Ok(None);
        };
        let Some(array) = argument.array() else {
            return Err(refuse(position, c"of type ?array", argument));
        };
        let texts = array.values().map(|value| item(value, position));
        texts.collect::<Result<_, _>>().map(Some)
    }

    /// Texts by keys. PHP makes whole numbers of keys such as `"7"`; they are texts again here. So a list is
    /// the map whose keys are `"0"`, `"1"` and so on: PHP knows no difference.
    pub fn pairs_or_none(&mut self, position: usize) -> Result<Option<Vec<(Text, Text)>>, Stop> {
        let Some(argument) = self.present(position) else {
            return Ok(None);
        };
        let Some(array) = argument.array() else {
            return Err(refuse(position, c"of type ?array", argument));
        };
        let mut pairs = Vec::with_capacity(array.len());
        let mut rest = array.iter();
        while let Some((key, value)) = rest.next_zval() {
            let key = match (key.long(), key.zend_str()) {
                (Some(number), _) => Text::from(number.to_string().as_str()),
                (None, text) => Text::from_utf8(text.map_or(&[], |text| text.as_bytes())),
            };
            pairs.push((key, item(value, position)?));
        }
        Ok(Some(pairs))
    }

    fn present(&mut self, position: usize) -> Option<&mut Zval> {
        self.argument(position)
            .filter(|argument| !argument.is_null())
    }

    #[expect(unsafe_code, reason = "PHP's C interface")]
    fn argument(&mut self, position: usize) -> Option<&mut Zval> {
        if position >= self.given {
            return None;
        }
        // SAFETY: the frame holds that many arguments, and lives as long as the borrow of it.
        unsafe { self.frame.zend_call_arg(position) }.map(Zval::dereference_mut)
    }
}

fn text(argument: &mut Zval, position: usize, wanted: &CStr) -> Result<Text, Stop> {
    if !argument.is_string() && !zend::make_text(argument, number(position)) {
        return Err(refuse(position, wanted, argument));
    }
    match argument.zend_str() {
        Some(text) => Ok(Text::from_utf8(text.as_bytes())),
        None => Err(Stop::Thrown),
    }
}

/// A value within an array. PHP converts none of those.
fn item(value: &Zval, position: usize) -> Result<Text, Stop> {
    let value = value.dereference();
    match value.zend_str() {
        Some(text) => Ok(Text::from_utf8(text.as_bytes())),
        None => Err(refuse(position, c"an array of string", value)),
    }
}

fn refuse(position: usize, wanted: &CStr, given: &Zval) -> Stop {
    zend::throw_type_error(number(position), wanted, given);
    Stop::Thrown
}

/// PHP counts arguments from one.
fn number(position: usize) -> u32 {
    u32::try_from(position + 1).unwrap_or(u32::MAX)
}
