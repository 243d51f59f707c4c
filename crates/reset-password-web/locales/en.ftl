### The words of the pages and of the mails. A comment says where a sentence stands, and what is put into it.

# Heading and title of the page on which a person asks for a link.
forgot-title = Forgot your password?
# Above the field for the address.
forgot-text = Enter the e-mail address of your account. We will send you a link with which you set a new password.
# Label of the field for the address.
email-label = E-mail address
# Button that asks for the link.
forgot-button = Send the link
# Below the field, when what was typed is no address.
email-invalid = This is not an e-mail address. Check it for typing errors, such as a missing @.
# Above the button that asks for a link, while the browser computes something; only where an operator wants that.
proof-working = One moment. Your browser is doing a small calculation that keeps automated requests away.
# In the same place where no script runs. $service is the name of the service.
proof-script = This form needs JavaScript: your browser does a small calculation that keeps automated requests away. Allow JavaScript for this page and load it again, or contact { $service }.
# In the same place, after the form was sent without that.
proof-missing = The calculation that keeps automated requests away was missing or too old. No link was asked for. Send the form once more.
# Heading after a link was asked for; the same whether there is an account or not.
sent-title = Check your e-mail
# The same for every address: it must not say whether there is an account.
sent-text = If there is an account with this address, a message with a link is on its way to it.
# Below that.
sent-hint = No message after a few minutes? Look into the spam folder, check whether the address is right, then ask again.
# Link back to the page on which a link is asked for.
again-link = Ask for another link
# Heading and title of the page on which the new password is typed.
reset-title = Set a new password
# Above the field for the password. $minimum is the least number of characters.
reset-text = Choose a password of at least { $minimum } characters. A few words that you remember make a good one.
# Label of the field for the new password.
password-label = New password
# Switch that shows what is being typed.
show-password = Show the password
# Button that sets the password.
reset-button = Set the password
# Above the list of reasons why a password is refused.
refused-title = This password cannot be used:
# Below the field while typing, when nothing is wrong with the password.
acceptable = This password can be used.
# A reason. $minimum is the least number of characters.
password-too-short = It must have at least { $minimum } characters.
# A reason. $maximum is the greatest number of characters.
password-too-long = It must have at most { $maximum } characters.
# A reason.
password-too-common = Many people use it, so it is among the first to be tried.
# A reason.
password-pwned = It has appeared in a data breach.
# A reason.
password-too-similar = It is too much like your address, your name or the name of this service.
# A reason.
password-too-weak = It is too easy to guess.
# A reason.
password-invalid-characters = It contains a character that cannot be used.
# When the field was left empty.
password-missing = Enter a new password.
# Heading after the password was set.
done-title = Your password was changed
# Below that.
done-text = From now on, log in with the new password. The link that you used no longer works.
# Link to the place where people log in.
sign-in-link = Go to the login
# Heading when a link cannot be used.
expired-title = This link cannot be used
# Below that.
expired-text = A link works once and for a limited time, and a newer link replaces it. Your password is still the one it was before you opened this link.
# Below that, before a field to ask for a new link.
expired-hint = Have a new link sent to you:
# For people whose browser keeps no cookies.
cookie-hint = If you have just opened the link for the first time, allow cookies for this page and open it once more.
# Heading when only a part of a link has arrived.
incomplete-title = This link is not complete
# Below that: mail programs cut links at the end of a line.
incomplete-text = Some mail programs cut long links. Copy the whole link from the message and paste it here:
# Label of the field for a pasted link.
link-label = Link from the message
# Button that opens the pasted link.
link-button = Open the link
# Heading of the page on which somebody says that a change was not theirs; its link is in the notice of the change.
report-title = Was this change not yours?
# Below that, above the field for the address.
report-text = Somebody changed the password or the e-mail address of your account. If it was not you, enter the address at which you received the message: then nobody can log in with the present password any more, and all sessions end.
# Button of that page, and the link to it in a notice.
report-button = It was not me
# Below the field, when it is an address, but not the one that the message was sent to.
report-mismatch = The message was not sent to this address. Enter the one at which you received it.
# Heading after that.
reported-title = You have reported the change
# Below that.
reported-text = Nobody can log in with the present password any more. If your account still has this address, a message with a link to a new password is on its way to you.
# Below that. $service is the name of the service.
reported-contact = If the address of your account was changed, no link is sent to anybody now. Contact { $service } to get your account back.
# Under the heading of a link that cannot be used, when it is that of a notice. $service as above.
report-expired-text = The change has been reported already, or it is more than 7 days old. Set a new password, or contact { $service }.
# Heading when a form did not come from these pages, or was open for too long.
form-title = Please send the form once more
# Below that.
form-text = The page was open for too long, or your browser keeps no cookies for it. Nothing has been changed.
# Heading when somebody has asked too often.
limited-title = Too many attempts
# Below that.
limited-text = Wait a few minutes, then try again. Nothing has been changed.
# Heading when the service is too busy or its database does not answer.
busy-title = This does not work right now
# Below that.
busy-text = Try again in a moment. Nothing has been changed, and your link still works.
# Heading of a page that does not exist.
missing-title = There is no such page
# Label, for screen readers, of the list of languages at the bottom.
languages-label = Language

## The mails

# Subject of the message with the link. $service is the name of the service, here and below.
mail-reset-subject = Set a new password for { $service }
# First sentence of that message; the link follows, alone on its line.
mail-reset-text = Somebody, probably you, asked for a new password for your account at { $service }. Open this link to set one:
# Below the link. $time is a date and a time, such as 2026-11-30 18:20.
mail-reset-until = The link works once, until { $time } UTC.
# Last sentence of that message.
mail-reset-ignore = If it was not you, do nothing: your password stays as it is.
# The link as a button, where the message is shown with pictures of its own.
mail-reset-button = Set a new password
# Subject of the notice that the password was changed.
mail-password-changed-subject = Your password for { $service } was changed
# First sentence of that notice. $time as above.
mail-password-changed-text = The password of your account at { $service } was changed on { $time } UTC.
# Subject of the notice that the address was changed; it goes to the old address, too.
mail-email-changed-subject = The e-mail address of your account at { $service } was changed
# First sentence of that notice. $time as above.
mail-email-changed-text = The e-mail address of your account at { $service } was changed on { $time } UTC.
# Second sentence of a notice.
mail-was-you = If it was you, there is nothing to do.
# Third sentence of a notice. $contact is an address of a page or an e-mail address.
mail-was-not-you = If it was not you, somebody else can get into your account. Contact { $service } at once: { $contact }
# Third sentence of a notice with a link; the link follows, alone on its line.
mail-report-text = If it was not you, say so on this page. Nobody can log in with the present password then:
# Below that link. $contact as above.
mail-report-contact = You can also contact { $service }: { $contact }
# At the end of every message.
mail-automatic = This message was sent automatically.
