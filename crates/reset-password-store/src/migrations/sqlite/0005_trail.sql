-- Nothing vouches for events from before the audit trail began.
DELETE FROM reset_password_events WHERE chain IS NULL;
-- Where the trail has not begun, the next open begins it, and records the key anew with that.
DELETE FROM reset_password_settings WHERE name = 'key_id'
    AND EXISTS (SELECT 1 FROM reset_password_settings WHERE name = 'audit_head' AND value = '');
