from django.urls import path

from remise.notices.views import batches, queue, ways

app_name = "notices"
urlpatterns = [
    path("", queue.overview, name="overview"),
    path("way", ways.way, name="way"),
    path("<int:notice>", queue.one, name="one"),
    path("<int:notice>/correct", queue.correct, name="correct"),
    path("<int:notice>/again", queue.again, name="again"),
    path("batches/", batches.overview, name="batches"),
    path("batches/make", batches.make, name="make"),
    path("batches/<int:batch>", batches.one, name="batch"),
    path("batches/<int:batch>/file", batches.file, name="file"),
    path("batches/<int:batch>/uploaded", batches.uploaded, name="uploaded"),
    path("batches/<int:batch>/answer", batches.answer, name="answer"),
]
