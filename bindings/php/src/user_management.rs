//! The class `UserManagement`: its constructor and its methods.

use ext_php_rs::{
    builders::{ClassBuilder, FunctionBuilder},
    class::{ClassEntryInfo, ClassMetadata, ConstructorMeta, ConstructorResult, RegisteredClass},
    convert::IntoZvalDyn,
    describe::DocComments,
    error::Result,
    flags::{ConstantFlags, MethodFlags},
    zend::ExecuteData,
};
use reset_password_bindings::{arguments::Options, guard};

use crate::{
    arguments::Arguments,
    call::{guarded, raise},
    classes::{BOOL, Class, LIST, Parameter, TEXT, Type, WHOLE, hide_secrets, with_parameters},
    engines,
    handle::Handle,
    methods::{Method, RESETS, USERS},
    signals::with_signals_blocked,
};

const OPEN: &[Parameter] = &[
    Parameter::required("databaseUrl").secret(),
    Parameter::optional("key", TEXT).secret(),
    Parameter::optional("keyFile", TEXT),
    Parameter::optional("previousKeys", LIST).secret(),
    Parameter::optional("resetUrl", TEXT),
    Parameter::optional("tokenLifetime", WHOLE),
    Parameter::optional("sealTokens", BOOL),
    Parameter::optional("passwordMinLength", WHOLE),
    Parameter::optional("serviceNames", LIST),
    Parameter::optional("argon2MemoryKib", WHOLE),
    Parameter::optional("argon2Iterations", WHOLE),
    Parameter::optional("memoryBudgetKib", WHOLE),
    Parameter::optional("migrate", BOOL),
];

/// Opens the engine of a new object, or finds it.
fn construct(frame: &mut ExecuteData) -> ConstructorResult<Handle> {
    let opened = guarded(|| {
        let mut given = Arguments::of(frame, OPEN)?;
        let database_url = given.text(0)?;
        let options = Options {
            key: given.text_or_none(1)?,
            key_file: given.text_or_none(2)?,
            previous_keys: given.texts_or_none(3)?,
            reset_url: given.text_or_none(4)?,
            token_lifetime: given.whole_number_or_none(5)?,
            seal_tokens: given.boolean_or_none(6)?,
            password_min_length: given.whole_number_or_none(7)?,
            service_names: given.texts_or_none(8)?,
            argon2_memory_kib: given.whole_number_or_none(9)?,
            argon2_iterations: given.whole_number_or_none(10)?,
            memory_budget_kib: given.whole_number_or_none(11)?,
            migrate: given.boolean_or_none(12)?,
        };
        let open = || engines::open(database_url, options);
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
        let build = |method: &Method| {
            let function = FunctionBuilder::new(method.name, method.handler);
            let function = with_parameters(function, method.parameters);
            let Type { data, nullable } = method.returns;
            (function.returns(data, false, nullable), MethodFlags::Public)
        };
        USERS.iter().chain(RESETS).map(build).collect()
    }

    fn constructor() -> Option<ConstructorMeta<Self>> {
        Some(ConstructorMeta {
            constructor: construct,
            build_fn: |function| with_parameters(function, OPEN),
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
        hide_secrets(class, "__construct", OPEN);
        for method in USERS.iter().chain(RESETS) {
            hide_secrets(class, method.name, method.parameters);
        }
        Handle::get_metadata().set_ce(class);
    })
}
