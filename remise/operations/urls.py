from django.urls import path

from remise.operations import views

app_name = "operations"
urlpatterns = [
    path("", views.page, name="page"),
    path("jobs/retry", views.retry_all, name="retry_all"),
    path("jobs/<int:job>/retry", views.retry, name="retry"),
    path("jobs/<int:job>/let-go", views.let_job_go, name="let_job_go"),
    path("mails/<int:mail>/send-again", views.send_again, name="send_again"),
    path("mails/<int:mail>/let-go", views.let_mail_go, name="let_mail_go"),
]
