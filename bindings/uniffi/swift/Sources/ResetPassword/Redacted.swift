// Their text is redacted by the library. These leave secrets out of `dump` too.

extension CreateUser: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension ListUsers: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Options: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension UpdateUser: CustomReflectable {
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension PasswordReset: CustomReflectable {
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "id": id, "userId": userId, "email": email, "expiresAt": expiresAt, "createdAt": createdAt,
            ])
    }
}
