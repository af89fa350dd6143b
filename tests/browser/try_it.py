import asyncio, sys, tempfile, re
from pathlib import Path
from playwright.async_api import async_playwright
from tests.browser.house import open_house
from tests.browser.faces import *
from tests.conftest import BROWSER_FLAGS
async def main():
    out=Path('/tmp/shots'); out.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as tmp:
        async with open_house(Path(tmp)) as house, async_playwright() as p:
            b=await p.chromium.launch(executable_path='/usr/bin/chromium',args=[*BROWSER_FLAGS,'--no-sandbox'])
            kc=await b.new_context(locale='zh-CN',viewport={'width':1080,'height':1920}); cc=await b.new_context(locale='zh-CN',viewport={'width':1440,'height':900})
            for c in (kc,cc): await c.add_init_script(WATCH_CONNECTIONS)
            k=Kiosk(await kc.new_page(),house.url); c=Clerk(await cc.new_page(),house.url)
            for n,f in (('kiosk',k),('clerk',c)):
                f.page.on('console',lambda m,n=n: print(n,'console',m.type,m.text) if m.type in('error','warning') else None)
                f.page.on('pageerror',lambda e,n=n: print(n,'pageerror',e))
                f.page.on('requestfailed',lambda r,n=n: print(n,'failed',r.url,r.failure))
                f.page.on('response',lambda r,n=n: print(n,r.status,r.url) if r.status>=400 else None)
            try:
                await k.enrol(await house.code('lianshui-k1')); await k.page.screenshot(path=out/'k1.png')
                num=await k.take('平湖','不动产转移登记（买卖）',name='陈示例',id_number='320899198805120015',phone='19900000001'); print(num, await k.slip())
                await k.page.screenshot(path=out/'k2.png')
                await c.sign_in('clerk-pinghu-estate-1',house.passwords['clerk-pinghu-estate-1'])
                await c.page.screenshot(path=out/'c1.png')
                await c.press(re.compile('开窗'))
                await c.page.wait_for_timeout(1500)
                await c.page.screenshot(path=out/'c2.png')
                await c.next()
                await k.page.wait_for_timeout(1500); await k.page.screenshot(path=out/'k3.png'); await c.page.screenshot(path=out/'c3.png')
                await k.arrive()
                await k.hears_and_sees(); await c.hears_and_sees()
                await k.page.screenshot(path=out/'k4.png'); await c.page.screenshot(path=out/'c4.png')
                print('decoded', await k.decoded(), await c.decoded())
            except Exception as e:
                print('FAILED',type(e),str(e)[:800])
                await k.page.screenshot(path=out/'kf.png'); await c.page.screenshot(path=out/'cf.png')
            print(house.log.read_text()[-3000:])
            await b.close()
asyncio.run(main())
