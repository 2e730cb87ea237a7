from django.urls import path

from remise.fleet.views import asking, changing, deregistering, radar, receipts, registering, several, stock

app_name = "fleet"
urlpatterns = [
    path("", stock.overview, name="stock"),
    path("register", registering.register, name="register"),
    path("register/facts", registering.facts, name="facts"),
    path("register/premium", registering.premium, name="premium"),
    path("register/code", registering.code, name="check_code"),
    path("register/ask", asking.registration, name="ask_registration"),
    path("deregister", deregistering.deregister, name="deregister"),
    path("deregister/ask", asking.deregistration, name="ask_deregistration"),
    path("several/<str:deed>", several.several, name="several"),
    path("several/<str:deed>/template.<str:suffix>", several.template, name="several_template"),
    path("several/results/<int:file>.<str:suffix>", several.results, name="several_results"),
    path("export", stock.export, name="export"),
    path("receipts", receipts.receipts, name="receipts"),
    path("receipts/<int:entry>", receipts.receipt, name="receipt"),
    path("receipts/<int:entry>/pdf", receipts.pdf, name="receipt_pdf"),
    path("receipts/<int:entry>/mail", receipts.mail, name="mail"),
    path("receipts/<int:entry>/correct", receipts.correct, name="correct"),
    path("receipts/<int:entry>/ask", asking.correction, name="ask_correction"),
    path("radar/", radar.overview, name="radar"),
    path("radar/compare", radar.compare, name="compare_now"),
    path("radar/deregister", radar.leave, name="leave_each"),
    path("radar/kept", radar.kept_as_right, name="kept_as_right"),
    path("radar/<int:finding>/dismiss", radar.dismiss, name="dismiss"),
    path("radar/<int:finding>/take-back", radar.take_back, name="take_back"),
    path("<int:item>/change", changing.change, name="change"),
    path("<int:item>/change/ask", asking.change, name="ask_change"),
    path("<int:item>/value", asking.value, name="ask_value"),
    path("<int:item>", stock.vehicle, name="vehicle"),
]
