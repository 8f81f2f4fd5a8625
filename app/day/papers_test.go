package day_test

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"anxin/app/day"
	"anxin/model"
	"anxin/model/statute"
)

// What the shared day must come to (its README).
const (
	wantWorkers = 28
	wantFen     = 69393676
	wantFigure  = "693,936.76"
	wantWords   = "人民币陆拾玖万叁仟玖佰叁拾陆元柒角陆分"
)

func TestTheSumIsTheSameEverywhere(t *testing.T) {
	out, sum := worked(t)
	if got := sum.WageRoll; got != (day.RollDone{Workers: wantWorkers, Fen: wantFen, Words: wantWords}) {
		t.Errorf("summary: %+v", got)
	}
	order := document(t, out, printed(t, sum, "D06", 0))
	if order.Issued.AmountFen != wantFen {
		t.Errorf("the sealed amount is %d", order.Issued.AmountFen)
	}
	rows, _ := order.Fields["workers"].([]any)
	var total statute.Fen
	for _, x := range rows {
		r, _ := x.(map[string]any)
		fen, err := statute.ParseFen(fmt.Sprint(r["owed"]))
		if err != nil {
			t.Fatal(err)
		}
		total += fen
	}
	if len(rows) != wantWorkers || total != wantFen {
		t.Errorf("the annex has %d rows that sum to %s", len(rows), total)
	}
	text := pages(t, filepath.Join(out, printed(t, sum, "D06", 0).File))
	body, foot := strings.Join(text, ""), text[len(text)-1]
	mustHold(t, "order", body, "等28名劳动者2026年6月至2026年8月的工资，合计"+wantWords+"（¥"+wantFigure+"）", "（共2页）")
	mustHold(t, "foot of the annex", foot, "合计人数：28人", "合计欠发：¥"+wantFigure+"（"+wantWords+"）")
}

// document reads a printed paper's record from the first laptop.
func document(t *testing.T, out string, d day.DocumentDone) *model.Document {
	t.Helper()
	h, err := openFirst(t, out).Store.Head(context.Background(), model.ID(d.ID))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := model.As[model.Document](h.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func mustHold(t *testing.T, where, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, squash(p)) {
			t.Errorf("%s lacks %q", where, p)
		}
	}
}

func TestRareCharactersComeOutOfThePapersAsText(t *testing.T) {
	out, sum := worked(t)
	for docType, names := range map[string][]string{
		"D01": {"赵雪𬱖"}, "D02": {"赵雪𬱖"}, "D03": {"赵雪𬱖", "刘䶮"}, "D28": {"赵雪𬱖", "刘䶮"}, "D16": {"赵雪𬱖", "刘䶮"},
		"D06": {"赵雪𬱖", "刘䶮", "𠮷德胜", "欧阳㛃", "龚䶮", "艾力·买买提江"},
	} {
		mustHold(t, docType, strings.Join(pages(t, filepath.Join(out, printed(t, sum, docType, 0).File)), ""), names...)
	}
}

// elements are what the law asks of the papers, as the papers say it.
var elements = []struct {
	name, docType string
	n             int // which paper of the type
	parts         []string
}{
	{"head of the order", "D06", 0, []string{"桃源县人力资源和社会保障局", "劳动保障监察限期改正指令书", "桃人社劳监令字〔2026〕第1号"}},
	{"party", "D06", 0, []string{"被指令单位（个人）：湖南桃花源劳务有限公司", "统一社会信用代码（证件号码）：91430725H3BJ1XG696", "法定代表人（主要负责人）：刘䶮",
		"职务：", "联系电话：13948219935", "住所（地址）：湖南省常德市桃源县漳江街道50号", "涉及工程项目：茶香苑二期住宅工程(1#、2#、3#楼及地下室)", "项目地址：文昌路与渊明大道交汇处"}},
	{"visit and certificates shown", "D06", 0, []string{"2026年9月18日，本机关依法对你单位在上述项目的用工和工资支付情况实施劳动保障监察",
		"陈志远（执法证号1807043070113）、赵雪𬱖（执法证号1807043070127）已向你单位出示执法证件，并告知依法享有的权利和应当履行的义务"}},
	{"facts and evidence", "D06", 0, []string{"经查，你单位存在以下行为：", "一、", "涉及劳动者9名", "涉及劳动者7名", "以上事实，有现场检查笔录、调查询问笔录、工资支付表等证据证实"}},
	{"the young worker is a finding of its own", "D06", 0, []string{"招用不满16周岁的未成年人，涉及劳动者1名（工资表所列韩建", "《禁止使用童工规定》第二条", "立即停止使用童工"}},
	{"breach, basis, what to correct and until when", "D06", 0, []string{"上述行为违反了《保障农民工工资支付条例》第二十八条第一款", "依据《劳动保障监察条例》第十八条第一款第（二）项",
		"现责令你单位于2026年9月28日前完成下列改正：", "与在场全部农民工补签劳动合同", "将社会保障卡、银行卡全部退还农民工本人"}},
	{"wage block", "D06", 0, []string{"经查，你单位拖欠吕波花等28名劳动者", "《中华人民共和国劳动法》第五十条、《保障农民工工资支付条例》第三条第一款", "《劳动保障监察条例》第二十六条第（一）项、《中华人民共和国劳动合同法》第八十五条第（一）项",
		"于2026年9月28日前，将所欠工资足额支付至劳动者本人银行账户，并将支付凭证报送本机关", "劳动者名单及金额见附件《拖欠工资明细表》", "该附件为本指令书的组成部分"}},
	{"report and re-inspection", "D06", 0, []string{"期限届满之日起3个工作日内，将改正情况及证明材料书面报送本机关", "本机关将依法进行复查"}},
	{"what follows if it is not done", "D06", 0, []string{"逾期不改正的，本机关将依据《保障农民工工资支付条例》第五十五条第（三）项", "逾期不支付的，责令按照应付金额百分之五十以上一倍以下的标准向劳动者加付赔偿金",
		"《劳动保障监察条例》第三十条的规定处二千元以上二万元以下罚款", "列入拖欠农民工工资失信联合惩戒对象名单", "涉嫌构成拒不支付劳动报酬罪的，依法移送公安机关"}},
	{"right to be heard, recusal, keeping of records", "D06", 0, []string{"3个工作日内向本机关陈述、申辩", "有权申请其回避", "不停止改正", "妥善保存与本案有关的劳动合同、考勤记录、工资支付台账", "不得打击报复举报人、投诉人"}},
	{"remedies", "D06", 0, []string{"六十日内向桃源县人民政府申请行政复议", "六个月内直接向桃源县人民法院提起行政诉讼", "不停止执行"}},
	{"foot of the order", "D06", 0, []string{"本机关地址：", "邮编：", "联系人：陈志远", "联系电话：", "附件：拖欠工资明细表", "桃源县人力资源和社会保障局（印章）", "2026年9月18日"}},
	{"service block", "D06", 0, []string{"送达时间：", "送达地点：", "送达方式：", "收件人（签名或盖章）：", "身份（职务）：", "送达人：", "执法证号：", "拒收说明：", "本文书一式两份，一份送达被指令单位，一份存卷"}},
	{"annex", "D06", 0, []string{"序号", "姓名", "身份证号码", "班组/工种", "欠薪起止", "应发（元）", "已发（元）", "欠发（元）", "备注", "制表人：湖南桃花源劳务有限公司", "核对人："}},
	{"the owner's own order", "D06", 1, []string{"被指令单位（个人）：桃源县茶香置业有限公司", "7月未拨付人工费"}},
	{"the general contractor's own order", "D06", 2, []string{"被指令单位（个人）：常德沅澧建筑工程有限公司", "农民工工资专用账户", "维权信息告示牌"}},
	{"head of the record", "D28", 0, []string{"劳动保障监察调查询问笔录", "（第1次询问）", "案号：20260918", "询问时间：2026年9月18日15时20分至2026年9月18日16时35分", "询问地点：项目部会议室"}},
	{"people of the record", "D28", 0, []string{"询问人：陈志远", "执法证号：1807043070113", "询问人：赵雪𬱖", "执法证号：1807043070127", "单位及职务：劳动保障监察局监察员", "记录人：赵雪𬱖", "被询问人：刘䶮", "性别：男",
		"出生年月：", "证件种类及号码：", "工作单位及职务：湖南桃花源劳务有限公司现场负责人", "与案件关系：分包单位现场负责人", "住址：", "联系电话："}},
	{"locked questions that open", "D28", 0, []string{"问：我们是桃源县人力资源和社会保障局的劳动保障监察员陈志远、赵雪𬱖，这是我们的执法证件（出示），执法证号分别为1807043070113、1807043070127，请你查看。看清楚了吗？", "答：看清楚了。",
		"你应当如实回答询问并协助调查，提供真实材料，不得隐瞒事实真相、出具伪证或者隐匿、毁灭证据", "是否申请回避？", "答：听清楚了，不申请回避。", "未录音录像（理由：", "问：请介绍你的基本情况。"}},
	{"statement", "D28", 0, []string{"问：请说明你与总承包单位的关系。", "答：有七张卡在班组长手里保管,说是方便取钱。"}},
	{"locked questions that close", "D28", 0, []string{"问：以上是否属实？你还有什么需要补充说明的事项或者意见？", "答：属实，没有补充。", "问：请你核对笔录，无误后逐页签名并捺指印（阅读有困难的，我们向你宣读）。", "（以下空白）"}},
	{"what the person writes and signs", "D28", 0, []string{"被询问人书写：", "以上笔录共2页，我已看过，与我说的一致。", "被询问人签名（指印）：", "询问人签名：", "记录人签名："}},
	{"refusal on the receipt", "D16", 0, []string{"湖南桃花源劳务有限公司", "桃人社劳监令字〔2026〕第1号", "留置", "刘䶮", "未说明理由", "送达现场.jpg"}},
}

func TestPapersHaveEveryElementOfTheLaw(t *testing.T) {
	out, sum := worked(t)
	text := map[string]string{}
	for _, e := range elements {
		t.Run(e.docType+" "+e.name, func(t *testing.T) {
			file := printed(t, sum, e.docType, e.n).File
			if text[file] == "" {
				text[file] = running(pages(t, filepath.Join(out, file)))
			}
			mustHold(t, file, text[file], e.parts...)
		})
	}
}

// edges are the foot of a page and, as the tool reads it, its head after that:
// the title with the number.
var edges = regexp.MustCompile(`第\d+页共\d+页[^。，]*$`)

// running is the text of pages without their edges: a sentence may go over from
// one page to the next.
func running(pages []string) string {
	var out strings.Builder
	for _, p := range pages {
		out.WriteString(edges.ReplaceAllString(p, ""))
	}
	return out.String()
}

// signed are the lines at the foot of every page of a record.
var signed = map[string]string{
	"D03": "被检查人签名：检查人员：检查人员：记录人：",
	"D28": "被询问人签名（指印）：询问人：询问人：记录人：",
}

func TestEveryPageIsCountedAndRecordsAreSignedOnEach(t *testing.T) {
	out, sum := worked(t)
	for _, d := range sum.Documents {
		text := lines(t, filepath.Join(out, d.File))
		if len(text) != d.Pages {
			t.Errorf("%s has %d pages, the summary says %d", d.File, len(text), d.Pages)
		}
		for i, p := range text {
			mustHold(t, fmt.Sprintf("%s page %d", d.File, i+1), p, fmt.Sprintf("第%d页共%d页", i+1, d.Pages), signed[d.Type])
		}
	}
}

func TestPapersAreSoundForReadersFromOutside(t *testing.T) {
	out, sum := worked(t)
	t.Run("qpdf", func(t *testing.T) {
		for _, d := range sum.Documents {
			if said := tool(t, "qpdf", "--check", filepath.Join(out, d.File)); strings.Contains(said, "WARNING") {
				t.Errorf("%s: %s", d.File, said)
			}
		}
	})
	t.Run("zbarimg", func(t *testing.T) {
		for _, d := range sum.Documents {
			picture := filepath.Join(out, strings.TrimSuffix(d.File, ".pdf")+".png")
			if got := strings.TrimSuffix(tool(t, "zbarimg", "-q", "--raw", picture), "\n"); got != document(t, out, d).Issued.Token {
				t.Errorf("%s reads as %q", d.File, got)
			}
		}
	})
}
