//! What hosts give, as the façade takes it.

use std::collections::HashMap;

use reset_password_bindings::Argument;

use crate::InputText;

/// A value, as the façade takes it.
pub(crate) trait IntoArgument {
    /// The argument; `None` where it was left out.
    fn into_argument(self) -> Option<Argument>;
}

impl IntoArgument for InputText {
    fn into_argument(self) -> Option<Argument> {
        Some(Argument::Text(self.into()))
    }
}

impl IntoArgument for bool {
    fn into_argument(self) -> Option<Argument> {
        Some(Argument::Flag(self))
    }
}

impl IntoArgument for i64 {
    fn into_argument(self) -> Option<Argument> {
        Some(Argument::Number(self))
    }
}

impl IntoArgument for Vec<InputText> {
    fn into_argument(self) -> Option<Argument> {
        let texts = self.into_iter().map(Into::into);
        Some(Argument::Texts(texts.collect()))
    }
}

impl IntoArgument for HashMap<InputText, InputText> {
    fn into_argument(self) -> Option<Argument> {
        let pairs = self.into_iter();
        let pairs = pairs.map(|(key, value)| (key.into(), value.into()));
        Some(Argument::Pairs(pairs.collect()))
    }
}

impl<T: IntoArgument> IntoArgument for Option<T> {
    fn into_argument(self) -> Option<Argument> {
        self.and_then(T::into_argument)
    }
}
