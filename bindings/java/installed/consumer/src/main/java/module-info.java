/** An application that is a module and uses the package as one. */
module consumer {
    requires dev.resetpassword;
}
