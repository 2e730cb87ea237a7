from django.urls import path

from remise.organisations import former, views
from remise.organisations.locked_out import views as locked_out

app_name = "organisations"
urlpatterns = [
    path("people", views.people, name="people"),
    path("people/export", views.people_export, name="people_export"),
    path("people/change", views.change, name="change"),
    path("people/changes", views.changes, name="changes"),
    path("people/<int:membership>", views.person, name="person"),
    path("people/<int:membership>/role", views.give_role, name="give_role"),
    path("people/former", former.former, name="former"),
    path("people/<int:membership>/erase", former.erase, name="erase"),
    path("people/<int:membership>/end", views.end, name="end"),
    path("people/<int:membership>/preview", views.preview_begin, name="preview"),
    path("preview/end", views.preview_end, name="preview_end"),
    path("administer", views.administer, name="administer"),
    path("people/<int:membership>/unblock", locked_out.unblock, name="unblock"),
    path("people/<int:membership>/sign-out", locked_out.sign_out, name="sign_out"),
    path("people/<int:membership>/phone-lost", locked_out.phone_lost, name="phone_lost"),
    path("choose", views.choose, name="choose"),
    path("switch", views.switch, name="switch"),
]
