# Writes the code points of the two screen faces: regular.txt and bold.txt.

def enc(name):
    out=set(range(0x20,0x7f))
    for a in range(0x81,0xff):
        for b in range(0x40,0xff):
            try: out.add(ord(bytes([a,b]).decode(name)))
            except Exception: pass
    return out
extra=set(map(ord,'¥￥℃·•…—–“”‘’①②③④⑤⑥⑦⑧⑨⑩✓✕×÷±°§№☆★○●◎◇◆□■△▲▽▼→←↑↓↗↘〔〕〈〉《》「」『』【】㎡㎜'))|set(range(0xa0,0x100))|set(range(0x3400,0x3400))
def w(fn,s):
    open(fn,'w').write('\n'.join('U+%04X'%c for c in sorted(s)))
gbk={c for c in enc('gbk')}; gb=enc('gb2312')
# characters of people's names outside GBK that the face has
w('regular.txt',gbk|extra|set(range(0x3400,0x4DC0))|set(range(0x20000,0x323B0)))
w('bold.txt',gb|extra)
