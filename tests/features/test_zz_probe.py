import time, json, resource, unicodedata
from tests.conftest import ORIGIN
from loadtests.person import *
from server.kinds import Role
from server.auth import links
from server.auth.links import Link
def test_probe(web, resident, clock, city, store):
    c = web.test_client()
    for h in ({"Cookie": "motcua_session=\xff"}, {"Cookie":"a=b; motcua_session=\"\\377\""}):
        r = c.get("/auth/me", headers=h); print("cookie", r.status_code, r.data[:200])
    r = c.get("/live", headers={"Origin": ORIGIN}); print("live", r.status_code, r.data[:200])
    for path in ("//etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/%ff", "/\x00", "//evil.example/", "/auth/links/%ff%00", "/dossiers/%00/evidence", "/blobs/%ff"):
        r = c.get(path); print(path, r.status_code, r.headers.get("Location"), r.data[:60])
    # big record
    id, ch = resident.draft(PROCEDURE, {})
    resident.sync(*ch)
    dev = resident.device
    n = resident.records["draft", id]; 
    N = 100
    t0=time.time()
    total=len(n)
    keys=[f"answer/k{i:04d}" for i in range(5000-total)]
    val="x"*90
    for s in range(0,len(keys),500):
        changes=[{"kind":"draft","id":id,"key":k,"n":N,"value":val,"at":1,"context":{}} for k in keys[s:s+500]]
        t=time.time()
        a=resident.device.batch(changes, at=1)
        print(len(a), end=" ")
        out=resident.post("/sync", {"batches":[a],"limit":1})
        an=out["answers"][0]
        print(an["result"], len(an["refused"]), an["refused"][:1], round(time.time()-t,2))
    changes=[{"kind":"draft","id":id,"key":k,"n":2**20+90,"value":val[:99],"at":1,"context":{resident.device.id:N}} for k in keys[:500]]
    t=time.time(); a=resident.device.batch(changes, at=1)
    out=resident.post("/sync", {"batches":[a],"limit":1}); print("leap-rewrite", out["answers"][0]["result"], len(out["answers"][0]["refused"]),out["answers"][0]["refused"][:1], time.time()-t)
    with store.read() as look:
        st=look.get("draft", id); print("KEYS",len(st))
        from sync import record
        print("size", record.size(st), len(st))
    r0=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for i in range(30):
        a=resident.device.batch([{"kind":"draft","id":id,"key":keys[0],"n":2**20+100+i,"value":"y","at":1,"context":{}}], at=1)
        t=time.time()
        out=resident.post("/sync", {"batches":[a],"limit":1})
    print("tiny", out["answers"], time.time()-t, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss-r0)/1024/30, "MiB each")
    nfd=unicodedata.normalize("NFD","Trần Thị Bích")
    link = links.create(city, Link(role=Role.OFFICER, unit="1022", name=nfd)).split("#")[1]
    from tests.features.conftest import post_with
    p=Person(post=post_with(web.test_client()), rp="localhost", origin=ORIGIN, now=clock, name=nfd)
    p.register(link); p.enrol_device(); p.sync()
    sid, ch = resident.submission(PROCEDURE, FEEDBACK)
    print(resident.sync(ch)); p.sync()
    ac = p.acknowledgement(sid); print(p.sync(ac))
