import puppeteer from 'puppeteer-core'; import {readFileSync} from 'node:fs';
import { need } from './scripts/programs.mjs'; import { serve } from './scripts/static.mjs';
const caps = JSON.parse(readFileSync('webdriver.json','utf8'));
const server=await serve(); const b=await puppeteer.launch({browser:'chrome',executablePath:need('chromium'),args:[...caps['goog:chromeOptions'].args,'--lang=en-US','--hide-scrollbars'],headless:true});
for (const [w,h] of [[1280,800],[390,844]]) {
 for (const js of [false,true]) {
  const p=await b.newPage(); await p.setViewport({width:w,height:h}); await p.setJavaScriptEnabled(js);
  await p.goto(server.address,{waitUntil:'load'});
  if (js) await p.waitForFunction(()=>{const t=document.querySelector('tcp-timeline[data-ready]');return t&&!t.shadowRoot.querySelector('[aria-busy]')});
  if (js) await new Promise(r=>setTimeout(r,400));
  await p.screenshot({path:`/tmp/shot-${w}-${js?'live':'static'}.png`, fullPage: w===390 && js}); 
  if (js) { for (let i=0;i<4;i++) await p.click('tcp-timeline >>> button[data-does="step"]'); await new Promise(r=>setTimeout(r,800)); await p.screenshot({path:`/tmp/shot-${w}-stepped.png`}); }
  await p.close();
 }
}
await b.close(); await server.close();
