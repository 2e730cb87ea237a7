from django.urls import path

from remise.runs import views

app_name = "runs"
urlpatterns = [
    path("", views.run_list, name="list"),
    path("<int:number>", views.detail, name="detail"),
    path("<int:number>/result", views.result, name="result"),
    path("<int:number>/summary", views.summary, name="summary"),
    path("<int:number>/again", views.again, name="again"),
    path("<int:number>/pause", views.pause, name="pause"),
    path("<int:number>/resume", views.resume, name="resume"),
    path("<int:number>/cancel", views.cancel, name="cancel"),
]
