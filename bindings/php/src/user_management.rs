//! The class `UserManagement`: its constructor and its methods.

use ext_php_rs::{
    builders::{ClassBuilder, FunctionBuilder},
    class::{ClassEntryInfo, ClassMetadata, ConstructorMeta, ConstructorResult, RegisteredClass},
    convert::IntoZvalDyn,
    describe::DocComments,
    error::Result,
    flags::{ConstantFlags, DataType, MethodFlags},
    zend::ExecuteData,
};
use reset_password_bindings::{
    Operation,
    api::{OPEN, names::camel},
    guard,
};

use crate::{
    arguments::Given,
    call::{guarded, raise},
    classes::{Class, Handler, Type, hide_secrets, with_parameters},
    engines,
    handle::Handle,
    methods::{HANDLERS, close, returns},
    signals::with_signals_blocked,
};

/// Opens the engine of a new object, or finds it.
fn construct(frame: &mut ExecuteData) -> ConstructorResult<Handle> {
    let opened = guarded(|| {
        let given = Given::of(frame, OPEN.parameters)?.take(OPEN.parameters)?;
        let open = || engines::open(given);
        Ok(with_signals_blocked(|| guard(open))?)
    });
    match opened {
        Ok(engine) => ConstructorResult::Ok(Handle(engine)),
        Err(stop) => {
            raise(stop);
            ConstructorResult::ArgError
        }
    }
}

impl RegisteredClass for Handle {
    const CLASS_NAME: &'static str = "ResetPassword\\UserManagement";
    const BUILDER_MODIFIER: Option<fn(ClassBuilder) -> ClassBuilder> = None;
    const EXTENDS: Option<ClassEntryInfo> = None;
    const IMPLEMENTS: &'static [ClassEntryInfo] = &[];

    fn get_metadata() -> &'static ClassMetadata<Self> {
        static METADATA: ClassMetadata<Handle> = ClassMetadata::new(&[]);
        &METADATA
    }

    fn method_builders() -> Vec<(FunctionBuilder<'static>, MethodFlags)> {
        let build = |(operation, handler): (&Operation, &Handler)| {
            let function = FunctionBuilder::new(camel(operation.name()), *handler);
            let function = with_parameters(function, operation.parameters());
            let Type { data, nullable } = returns(operation);
            (function.returns(data, false, nullable), MethodFlags::Public)
        };
        let operations = Operation::ALL.iter().zip(&HANDLERS).map(build);
        let close = FunctionBuilder::new("close", close).returns(DataType::Void, false, false);
        operations.chain([(close, MethodFlags::Public)]).collect()
    }

    fn constructor() -> Option<ConstructorMeta<Self>> {
        Some(ConstructorMeta {
            constructor: construct,
            build_fn: |function| with_parameters(function, OPEN.parameters),
            flags: None,
        })
    }

    fn constants() -> &'static [(
        &'static str,
        &'static dyn IntoZvalDyn,
        DocComments,
        ConstantFlags,
    )] {
        &[]
    }
}

/// Registers the class.
pub fn register() -> Result<()> {
    let mut builder = ClassBuilder::new(Handle::CLASS_NAME);
    for (method, flags) in Handle::method_builders() {
        builder = builder.method(method, flags);
    }
    let builder = builder.object_override::<Handle>();
    Class::UserManagement.register(builder, |class| {
        hide_secrets(class, "__construct", OPEN.parameters);
        for operation in Operation::ALL {
            let method = camel(operation.name());
            hide_secrets(class, &method, operation.parameters());
        }
        Handle::get_metadata().set_ce(class);
    })
}
