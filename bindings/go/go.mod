module resetpassword.dev/usermanagement

go 1.19
