from django.urls import path

from remise.runs.views import following, mending

app_name = "runs"
urlpatterns = [
    path("", following.run_list, name="list"),
    path("<int:number>", following.detail, name="detail"),
    path("<int:number>/result", following.result, name="result"),
    path("<int:number>/summary", following.summary, name="summary"),
    path("<int:number>/again", following.again, name="again"),
    path("<int:number>/pause", following.pause, name="pause"),
    path("<int:number>/resume", following.resume, name="resume"),
    path("<int:number>/cancel", following.cancel, name="cancel"),
    path("<int:number>/confirm", mending.confirm, name="confirm"),
    path("<int:number>/lines/<int:position>", mending.line, name="line"),
    path("<int:number>/lines/<int:position>/alike", mending.alike, name="alike"),
]
