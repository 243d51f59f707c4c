//! The classes: what is declared once here is what PHP's reflection shows and what the stubs repeat.

use std::sync::atomic::{AtomicPtr, Ordering};

use ext_php_rs::{
    args::Arg,
    builders::{ClassBuilder, FunctionBuilder},
    error::Result,
    flags::{DataType, MethodFlags},
    types::Zval,
    zend::{ClassEntry, ExecuteData},
};
use reset_password_bindings::{
    Code,
    api::{Kind, Parameter, Privacy, RECORDS, names::camel},
};

use crate::zend;

/// What PHP calls.
pub type Handler = extern "C" fn(&mut ExecuteData, &mut Zval);

/// A type as PHP writes it.
#[derive(Clone, Copy)]
pub struct Type {
    pub data: DataType,
    pub nullable: bool,
}

/// The type of that data, never null.
pub const fn required(data: DataType) -> Type {
    Type {
        data,
        nullable: false,
    }
}

/// The same, or null.
pub const fn nullable(data: DataType) -> Type {
    Type {
        data,
        nullable: true,
    }
}

/// One of our classes, as a type. The name is kept: PHP reads it until the process ends.
pub fn class(name: &str) -> DataType {
    DataType::object(String::leak(format!("ResetPassword\\{name}")))
}

pub const TEXT: DataType = DataType::String;
pub const WHOLE: DataType = DataType::Long;
pub const BOOL: DataType = DataType::Bool;
pub const LIST: DataType = DataType::Array;

/// The type of a parameter.
const fn type_of(kind: Kind) -> DataType {
    match kind {
        Kind::Flag => BOOL,
        Kind::Number => WHOLE,
        Kind::Pairs | Kind::Texts => LIST,
        Kind::Text => TEXT,
    }
}

/// Adds parameters and their defaults to a method.
pub fn with_parameters<'a>(
    mut function: FunctionBuilder<'a>,
    parameters: &[Parameter],
) -> FunctionBuilder<'a> {
    for parameter in parameters {
        let argument = Arg::new(camel(parameter.name), type_of(parameter.kind));
        function = function.arg(if parameter.is_required {
            argument
        } else {
            argument.allow_null().default("null")
        });
    }
    function.required_args(count_required(parameters))
}

/// How many parameters cannot be left out. They come first.
pub fn count_required(parameters: &[Parameter]) -> usize {
    parameters.iter().filter(|each| each.is_required).count()
}

/// Keeps what nobody, or not everybody, may see out of stack traces.
pub fn hide_secrets(class: &mut ClassEntry, method: &str, parameters: &[Parameter]) {
    let method = method.to_ascii_lowercase();
    for (position, parameter) in (0..).zip(parameters) {
        if parameter.privacy != Privacy::Public {
            zend::hide_parameter(class, &method, position);
        }
    }
}

/// A method without parameters.
pub fn getter(
    name: &str,
    returns: Type,
    handler: Handler,
) -> (FunctionBuilder<'static>, MethodFlags) {
    let function =
        FunctionBuilder::new(name, handler).returns(returns.data, false, returns.nullable);
    (function, MethodFlags::Public)
}

/// One of the extension's classes.
#[derive(Clone, Copy)]
pub enum Class {
    /// The interface of every exception.
    Exception,
    /// The class of every exception.
    Root,
    /// The exception of one code.
    Of(Code),
    /// A result, by the number of its record.
    Result(usize),
    /// The result that holds the user.
    Response,
    /// The handle.
    UserManagement,
}

const FIXED: usize = 4;
const PLACES: usize = FIXED + RECORDS.len() + Code::ALL.len();

/// The registered classes. PHP frees them when the process ends.
static ENTRIES: [AtomicPtr<ClassEntry>; PLACES] =
    [const { AtomicPtr::new(std::ptr::null_mut()) }; PLACES];
static LAST: AtomicPtr<ClassEntry> = AtomicPtr::new(std::ptr::null_mut());

impl Class {
    const fn place(self) -> usize {
        match self {
            Self::Exception => 0,
            Self::Root => 1,
            Self::Response => 2,
            Self::UserManagement => 3,
            Self::Result(number) => FIXED + number,
            Self::Of(code) => FIXED + RECORDS.len() + code as usize,
        }
    }

    /// The class as PHP has it, once it is registered.
    #[expect(unsafe_code, reason = "PHP owns its classes")]
    pub fn entry(self) -> &'static ClassEntry {
        let place = ENTRIES.get(self.place());
        let entry = place.map_or(std::ptr::null_mut(), |place| place.load(Ordering::Acquire));
        // SAFETY: it is null or a class that PHP keeps until the process ends.
        unsafe { entry.as_ref() }.unwrap_or_else(|| zend::runtime_exception())
    }

    /// Registers the class and hands it over for what the builder cannot do.
    #[expect(unsafe_code, reason = "PHP owns its classes")]
    pub fn register(
        self,
        builder: ClassBuilder,
        finish: impl FnOnce(&'static mut ClassEntry),
    ) -> Result<()> {
        builder
            .registration(|entry, argument_tables| {
                LAST.store(entry, Ordering::Release);
                // PHP reads them until the process ends.
                std::mem::forget(argument_tables);
            })
            .register()?;
        let entry = LAST.load(Ordering::Acquire);
        if let Some(place) = ENTRIES.get(self.place()) {
            place.store(entry, Ordering::Release);
        }
        // SAFETY: the class was registered just now, and nobody else looks at it before the start ends.
        if let Some(entry) = unsafe { entry.as_mut() } {
            finish(entry);
        }
        Ok(())
    }
}
