import time, statistics
from tests import world
from tests.accounts.visiting import *
from tests.accounts.conftest import *
def test_timing(portal, mailbox):
    for what in ("reset","signup","signin"):
        known,unknown=[],[]
        for i in range(24):
            v=Visitor(portal,mailbox)
            a=world.account(password=PASSWORD).email if i%2 else f"nobody{world.unique()}@example.test"
            # warm
            v.get("account_login")
            t=time.thread_time()
            if what=="reset": r=v.post("account_reset_password",email=a)
            elif what=="signup": r=v.sign_up(a)
            else: r=v.sign_in(a,"wrong wrong wrong")
            (known if i%2 else unknown).append(time.thread_time()-t)
        f=lambda x:f"min {min(x)*1000:.1f} med {statistics.median(x)*1000:.1f}"
        print(what,"known",f(known),"unknown",f(unknown), r.status_code)
