ALTER TABLE reset_password_events ADD COLUMN context TEXT;
ALTER TABLE reset_password_events ADD COLUMN chain BLOB;

DROP INDEX reset_password_events_age;
DROP INDEX reset_password_events_hidden_age;

INSERT INTO reset_password_settings (name, value) VALUES ('audit_anchor', ''), ('audit_head', '');
