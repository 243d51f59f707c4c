//! The methods of the handle: one for each operation, and what PHP calls for it.

use ext_php_rs::{flags::DataType, types::Zval, zend::ExecuteData};
use reset_password_bindings::{Operation, Value, api::Answer};

use crate::{
    arguments::Given,
    call::call,
    classes::{Handler, Type, WHOLE, class, nullable, required},
    handle::Handle,
    results::{response, to_zval},
};

/// What PHP calls for the operation of a number. Functions of C have no data of their own, so each has one.
extern "C" fn handler<const NUMBER: usize>(frame: &mut ExecuteData, answer: &mut Zval) {
    if let Some(operation) = Operation::ALL.get(NUMBER) {
        let make = if answers_response(operation) {
            response
        } else {
            to_zval
        };
        let work = |handle: &Handle, frame: &mut _| {
            let given = Given::of(frame, operation.parameters())?.take(operation.parameters())?;
            Ok(handle.call(operation, given)?)
        };
        call(frame, answer, work, make);
    }
}

macro_rules! handlers {
    ($($number:literal)*) => { [$(handler::<$number>),*] };
}

/// The handlers of all operations, in their order, and some that are free for more.
pub const HANDLERS: [Handler; 32] = handlers!(
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
);
const _: () = assert!(Operation::ALL.len() <= HANDLERS.len());

/// Ends this process's connections.
pub extern "C" fn close(frame: &mut ExecuteData, answer: &mut Zval) {
    let work = |handle: &Handle, frame: &mut _| {
        Given::of(frame, &[])?;
        handle.close();
        Ok(Value::Null)
    };
    call(frame, answer, work, to_zval);
}

/// PHP's reference has it so: a confirmed reset answers an object that holds the user.
fn answers_response(operation: &Operation) -> bool {
    operation.name() == "reset_password"
}

/// What the method of an operation answers.
pub fn returns(operation: &Operation) -> Type {
    if answers_response(operation) {
        return required(class("ResetPasswordResponse"));
    }
    match operation.answer() {
        Answer::Nothing => required(DataType::Void),
        Answer::Number => required(WHOLE),
        Answer::Record(name) => required(class(name)),
        Answer::RecordOrNothing(name) => nullable(class(name)),
    }
}
