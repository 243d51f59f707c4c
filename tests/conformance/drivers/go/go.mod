module resetpassword.dev/usermanagement/driver

go 1.19

require resetpassword.dev/usermanagement v0.1.0
