//! What a method was called with.

use std::ffi::CStr;

use ext_php_rs::{ffi::zend_wrong_parameters_count_error, types::Zval, zend::ExecuteData};
use reset_password_bindings::{
    Argument, Arguments, Error, Text,
    api::{Kind, Parameter},
};

use crate::{classes::count_required, zend};

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
pub struct Given<'a> {
    frame: &'a mut ExecuteData,
    given: usize,
}

impl<'a> Given<'a> {
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

    /// What was given for each of the parameters. Null is as if it were left out.
    pub fn take(&mut self, parameters: &[Parameter]) -> Result<Arguments, Stop> {
        let places = (0..).zip(parameters);
        places
            .map(|(position, parameter)| self.take_one(position, parameter))
            .collect()
    }

    fn take_one(
        &mut self,
        position: usize,
        parameter: &Parameter,
    ) -> Result<Option<Argument>, Stop> {
        if parameter.is_required {
            return match self.argument(position) {
                Some(argument) => text(argument, position, c"of type string").map(Some),
                None => Err(Stop::Thrown),
            };
        }
        let Some(argument) = self.argument(position).filter(|given| !given.is_null()) else {
            return Ok(None);
        };
        let taken = match parameter.kind {
            Kind::Flag => boolean(argument, position),
            Kind::Number => whole_number(argument, position),
            Kind::Pairs => pairs(argument, position),
            Kind::Text => text(argument, position, c"of type ?string"),
            Kind::Texts => texts(argument, position),
        };
        taken.map(Some)
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

fn text(argument: &mut Zval, position: usize, wanted: &CStr) -> Result<Argument, Stop> {
    if !argument.is_string() && !zend::make_text(argument, number(position)) {
        return Err(refuse(position, wanted, argument));
    }
    match argument.zend_str() {
        Some(text) => Ok(Argument::Text(Text::from_utf8(text.as_bytes()))),
        None => Err(Stop::Thrown),
    }
}

fn whole_number(argument: &mut Zval, position: usize) -> Result<Argument, Stop> {
    zend::whole_number_argument(argument, number(position))
        .map(Argument::Number)
        .ok_or_else(|| refuse(position, c"of type ?int", argument))
}

fn boolean(argument: &mut Zval, position: usize) -> Result<Argument, Stop> {
    zend::boolean_argument(argument, number(position))
        .map(Argument::Flag)
        .ok_or_else(|| refuse(position, c"of type ?bool", argument))
}

/// A list of texts. Keys mean nothing.
fn texts(argument: &Zval, position: usize) -> Result<Argument, Stop> {
    let Some(array) = argument.array() else {
        return Err(refuse(position, c"of type ?array", argument));
    };
    let texts = array.values().map(|value| item(value, position));
    texts.collect::<Result<_, _>>().map(Argument::Texts)
}

/// Texts by keys. PHP makes whole numbers of keys such as `"7"`; they are texts again here. So a list is
/// the map whose keys are `"0"`, `"1"` and so on: PHP knows no difference.
fn pairs(argument: &Zval, position: usize) -> Result<Argument, Stop> {
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
    Ok(Argument::Pairs(pairs))
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
