//! The exceptions: one interface, one class that implements it, and one below that for each code.

use ext_php_rs::{
    builders::{ClassBuilder, FunctionBuilder},
    convert::IntoZval,
    error::Result,
    exception::throw_object,
    flags::{ClassFlags, MethodFlags, PropertyFlags},
    types::{ZendEmptyArray, Zval},
    zend::{ClassEntry, ExecuteData, ce},
};
use reset_password_bindings::{Code, Error, Value, api::names::pascal};

use crate::{
    classes::{BOOL, Class, Handler, LIST, TEXT, Type, WHOLE, getter, nullable, required},
    results::to_zval,
    zend,
};

const CODE: &str = "errorCode";
const ERRORS: &str = "errors";
const RETRYABLE: &str = "retryable";
const RETRY_AFTER: &str = "retryAfter";

/// The methods of the interface.
const GETTERS: [(&str, Type, Handler); 4] = [
    ("getErrorCode", required(TEXT), error_code),
    ("getErrors", required(LIST), errors),
    ("isRetryable", required(BOOL), retryable),
    ("getRetryAfter", nullable(WHOLE), retry_after),
];

extern "C" fn error_code(call: &mut ExecuteData, answer: &mut Zval) {
    read(call, CODE, answer);
}

extern "C" fn errors(call: &mut ExecuteData, answer: &mut Zval) {
    read(call, ERRORS, answer);
}

extern "C" fn retryable(call: &mut ExecuteData, answer: &mut Zval) {
    read(call, RETRYABLE, answer);
}

extern "C" fn retry_after(call: &mut ExecuteData, answer: &mut Zval) {
    read(call, RETRY_AFTER, answer);
}

fn read(call: &mut ExecuteData, property: &str, answer: &mut Zval) {
    if let Some(this) = call.get_self() {
        *answer = zend::property(this, property);
    }
}

/// Registers all of them.
pub fn register() -> Result<()> {
    let mut interface = ClassBuilder::new("ResetPassword\\Exception")
        .flags(ClassFlags::Interface)
        .implements((ce::throwable, "\\Throwable"));
    let mut root = ClassBuilder::new("ResetPassword\\ResetPasswordException")
        .extends((zend::runtime_exception, "\\RuntimeException"))
        .implements((|| Class::Exception.entry(), "\\ResetPassword\\Exception"));
    for (name, returns, handler) in GETTERS {
        let method = FunctionBuilder::new_abstract(name);
        interface = interface.method(
            method.returns(returns.data, false, returns.nullable),
            MethodFlags::Public | MethodFlags::Abstract,
        );
        let (method, flags) = getter(name, returns, handler);
        root = root.method(method, flags);
    }
    Class::Exception.register(interface, |_| ())?;
    let none = ZendEmptyArray.into_zval(true)?;
    Class::Root.register(root, |class| {
        declare(class, Code::Internal);
        property(class, ERRORS, Some(required(LIST)), none);
        property(class, RETRY_AFTER, Some(nullable(WHOLE)), Zval::null());
    })?;
    for code in Code::ALL {
        let class = ClassBuilder::new(class_name(*code)).extends((
            || Class::Root.entry(),
            "\\ResetPassword\\ResetPasswordException",
        ));
        Class::Of(*code).register(class, |class| declare(class, *code))?;
    }
    Ok(())
}

/// The exception of a code: `ResetPassword\UserNotFoundException` for `user_not_found`.
fn class_name(code: Code) -> String {
    format!("ResetPassword\\{}Exception", pascal(code.as_str()))
}

/// What a code says of itself is the default of its class, so an application's own tests can make one.
fn declare(class: &mut ClassEntry, code: Code) {
    let text = |text| {
        let mut interned = Zval::new();
        // It fails for no text that fits into memory.
        let _ = interned.set_interned_string(text, true);
        interned
    };
    let mut retryable = Zval::new();
    retryable.set_bool(code.retryable());
    property(class, "message", None, text(code.message()));
    property(class, CODE, Some(required(TEXT)), text(code.as_str()));
    property(class, RETRYABLE, Some(required(BOOL)), retryable);
}

fn property(class: &mut ClassEntry, name: &str, kind: Option<Type>, default: Zval) {
    let access = PropertyFlags::Protected.bits();
    let kind = kind.map(|kind| (kind.data, kind.nullable));
    zend::declare_property(class, name, kind, default, access);
}

/// Throws an error as the exception of its code. Its source stays behind.
pub fn throw(error: &Error) -> Result<()> {
    let code = error.code();
    let mut exception = Class::Of(code).entry().new();
    if error.message() != code.message() {
        zend::set_property(&mut exception, "message", error.message().into_zval(false)?);
    }
    if !error.errors().is_empty() {
        let details = Value::from(error.errors().to_vec());
        zend::set_property(&mut exception, ERRORS, to_zval(&details)?);
    }
    if error.retryable() != code.retryable() {
        zend::set_property(
            &mut exception,
            RETRYABLE,
            error.retryable().into_zval(false)?,
        );
    }
    if let Some(seconds) = error.retry_after() {
        zend::set_property(&mut exception, RETRY_AFTER, seconds.into_zval(false)?);
    }
    throw_object(exception.into_zval(false)?)
}
