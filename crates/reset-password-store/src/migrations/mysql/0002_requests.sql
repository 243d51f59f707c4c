-- When the last link has ended that was made for a request: until then it is sent again, and not replaced.
ALTER TABLE "reset_password_requests" ADD COLUMN link_expires_at BIGINT NOT NULL DEFAULT 0;
