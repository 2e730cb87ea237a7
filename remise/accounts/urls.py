"""The pages about one's own account. The names are the sign-in library's, which leads from one to the other by them;
pages that are not listed here (other ways to sign in, more addresses) do not exist."""

from allauth.account import views as account_views
from django.urls import path, re_path

from remise.accounts import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-in/code/", views.SecondStep.as_view(), name="mfa_authenticate"),
    path("phone-lost/", views.phone_lost, name="account_lost_phone"),
    path("phone-lost/stop/<str:secret>/", views.stop_lost_phone, name="account_stop_lost_phone"),
    path("sign-out/", views.SignOut.as_view(), name="account_logout"),
    path("closed/", account_views.account_inactive, name="account_inactive"),
    path("new/", account_views.signup, name="account_signup"),
    path("confirm/", views.LookInYourMail.as_view(), name="account_email_verification_sent"),
    path("confirm/again/", views.send_again, name="account_send_again"),
    re_path(r"^confirm/(?P<key>[-:\w]+)/$", views.Activate.as_view(), name="account_confirm_email"),
    path("address/", views.ChangeAddress.as_view(), name="account_change_address"),
    path("address/<str:secret>/", views.confirm_address, name="account_confirm_address"),
    path("password/", views.ChangePassword.as_view(), name="account_change_password"),
    path("password/forgotten/", account_views.password_reset, name="account_reset_password"),
    path("password/forgotten/sent/", views.ResetAsked.as_view(), name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.ResetPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path("again/", views.PasswordAgain.as_view(), name="account_reauthenticate"),
    path("again/code/", views.CodeAgain.as_view(), name="mfa_reauthenticate"),
    path("again/passkey/", views.PasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    path("sessions/", views.sessions, name="account_sessions"),
    path("sessions/end/", views.end_sessions, name="account_end_sessions"),
    path("sessions/<int:session>/end/", views.end_session, name="account_end_session"),
    path("security/", views.Security.as_view(), name="mfa_index"),
    path("authenticator/", views.CoupleApp.as_view(), name="mfa_activate_totp"),
    path("authenticator/remove/", views.UncoupleApp.as_view(), name="mfa_deactivate_totp"),
    path("recovery-codes/", views.fresh_codes, name="mfa_view_recovery_codes"),
    path("passkeys/new/", views.AddPasskey.as_view(), name="account_add_passkey"),
    path("passkeys/<int:passkey>/remove/", views.remove_passkey, name="account_remove_passkey"),
    path("recovery-codes/new/", views.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
]
