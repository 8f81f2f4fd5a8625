package paper

import (
	"fmt"
)

// token has the size of a real one: CBOR and a signature in base45, a version 11 symbol at level M.
const token = "NCFOXN%TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2+$N IOP-IA%NGHCRZI4EQPCLHHDOZFQ2DX.O7WAQ3GQ09B56WB9R6BFOXN%TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2+$N IOP-IA%NGHCRZI4EQPCLHHDOZFQ2DX.O7WAQ3GQ09B56WB9R6BFOXN%TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2+$N IOP-IA%NGHCRZI4EQPCLHHDOZFQ2DX.O7WAQ3GQ09B56WB9R"

func rowsOf(column string, texts ...string) []map[string]any {
	var out []map[string]any
	for _, s := range texts {
		out = append(out, map[string]any{column: s})
	}
	return out
}

var rareNames = []string{"𠮷田勇", "李㛃", "欧阳䶮", "𬱖小红", "艾力·买买提", "张伟", "陈静"}

func workerRows(n int) []map[string]any {
	var out []map[string]any
	for i := range n {
		out = append(out, map[string]any{
			"name": rareNames[i%len(rareNames)], "id_number": fmt.Sprintf("3301101990%02d%02d%03dX", i%12+1, i%28+1, i),
			"trade": []string{"木工班", "钢筋班", "泥水班"}[i%3], "period": "2025-11—2026-02",
			"due": fmt.Sprintf("%d,%03d.00", 14+i%9, i), "paid": "3,000.00", "owed": fmt.Sprintf("%d,%03d.00", 11+i%9, i), "card": fmt.Sprintf("%04d", i),
		})
	}
	return out
}

// orderJob is a rectification order for wage arrears with n workers in its annex.
func orderJob(n int) Job {
	f := map[string]any{
		"agency": "余杭区人力资源和社会保障局", "employer": "杭州余杭示例建设工程有限公司", "uscc": "91330110MA2XXXXX7K",
		"legal_rep": "王建国", "legal_rep_post": "总经理", "phone": "0571-8862 3456", "address": "杭州市余杭区文一西路1500号3号楼2层",
		"project": "良渚新城示例家园二期工程", "project_address": "杭州市余杭区良渚街道古墩路延伸段",
		"inspected_on": "2026年3月18日", "subject": "在上述项目的用工和工资支付情况",
		"officer_a": "周正", "officer_a_no": "33011001234", "officer_b": "艾力·买买提", "officer_b_no": "33011001235",
		"due": "2026年3月25日", "evidence": "现场检查笔录、调查询问笔录、考勤表、工资支付表、银行流水",
		"facts": rowsOf("text", "未按照规定开设农民工工资专用账户，自2025年9月开工至检查之日，工程款中的人工费用未按月拨付至专用账户",
			"未以实名制方式管理进场施工的28名农民工，其中9人未订立书面劳动合同（用工书面协议）"),
		"violated": "《保障农民工工资支付条例》第二十六条第一款、第二十八条第一款、第二款", "basis": "《劳动保障监察条例》第十八条第一款第（二）项、《保障农民工工资支付条例》第五十五条第（一）项、第五十六条第（四）项",
		"corrections": rowsOf("text", "开设农民工工资专用账户，并提交开户凭证和人工费用拨付计划", "与9名农民工补签劳动合同（用工书面协议），完成28人的实名登记，并提交登记名册"),
		"wages":       true, "first_worker": "𠮷田勇", "worker_count": fmt.Sprint(n), "wage_from": "2025年11月", "wage_to": "2026年2月",
		"amount": "386,452.30", "amount_words": "人民币叁拾捌万陆仟肆佰伍拾贰元叁角", "labour_contract": true, "general_contractor": true,
		"report_days": "3", "penalty_basis": "《保障农民工工资支付条例》第五十五条、第五十六条", "penalty": "责令项目停工，并处五万元以上十万元以下罚款",
		"statement_days": "3", "remedies": true, "government": "杭州市余杭区人民政府", "court": "杭州市余杭区人民法院",
		"agency_address": "杭州市余杭区南大街265号", "postcode": "311100", "contact": "周正", "contact_phone": "0571-8862 0000",
		"issued": issued, "copies": "三", "recipients": "一份送达被指令单位，一份抄送行业主管部门，一份存卷",
		"service_method": "直接送达",
		"workers":        workerRows(n), "prepared_by": "周正", "checked_by": "艾力·买买提",
	}
	if n == 0 {
		f["wages"], f["workers"] = false, nil
	}
	return Job{Type: "D06", Fields: f, Number: "浙杭余人社监令字〔2026〕第187号", Token: token, Attachment: []byte(`{"type":"D06"}`), Issued: issued}
}

var officers = map[string]any{"officer_a": "周正", "officer_a_no": "33011001234", "officer_b": "艾力·买买提", "officer_b_no": "33011001235", "recorder": "艾力·买买提"}

func with(base map[string]any, more map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range base {
		out[k] = v
	}
	for k, v := range more {
		out[k] = v
	}
	return out
}

func approvalJob() Job {
	return Job{Type: "D01", Number: "余人社监查〔2026〕第12号", Token: token, Issued: issued, Fields: map[string]any{
		"agency": "余杭区人力资源和社会保障局", "employer": "杭州余杭示例建设工程有限公司", "uscc": "91330110MA2XXXXX7K",
		"address": "杭州市余杭区文一西路1500号3号楼2层", "inspection_kind": "专项检查", "source": "2026年根治欠薪春季专项行动",
		"matters": "农民工工资专用账户、实名制管理、工资支付情况", "basis": "《劳动保障监察条例》第十一条、《保障农民工工资支付条例》第四十条",
		"planned_at": "2026年3月18日9时", "place": "良渚新城示例家园二期工程项目部", "manner": "现场检查", "assistants": "1",
		"officers":         []map[string]any{{"name": "周正", "cert": "33011001234"}, {"name": "艾力·买买提", "cert": "33011001235"}},
		"inspected_before": "0", "yearly_limit": "2", "opinion": "拟于上述时间对该项目实施现场检查，妥否，请批示。", "applied_on": "2026年3月16日",
	}}
}

func noticeJob() Job {
	return Job{Type: "D02", Number: "余人社监检〔2026〕第12号", Token: token, Issued: issued, Fields: map[string]any{
		"agency": "余杭区人力资源和社会保障局", "employer": "杭州余杭示例建设工程有限公司", "uscc": "91330110MA2XXXXX7K",
		"address": "杭州市余杭区文一西路1500号3号楼2层", "inspection_kind": "专项检查", "source": "2026年根治欠薪春季专项行动",
		"matters": "农民工工资专用账户、实名制管理、工资支付情况", "basis": "《劳动保障监察条例》第十一条、第十五条，《保障农民工工资支付条例》第四十条",
		"planned_at": "2026年3月18日9时", "place": "良渚新城示例家园二期工程项目部", "manner": "现场检查",
		"officers":         []map[string]any{{"name": "周正", "post": "余杭区劳动保障监察大队科员", "cert": "33011001234"}, {"name": "艾力·买买提", "post": "余杭区劳动保障监察大队科员", "cert": "33011001235"}},
		"inspected_before": "0", "yearly_limit": "2", "materials": rowsOf("text", "农民工名册和劳动合同", "近六个月考勤表、工资支付表和银行代发凭证", "农民工工资专用账户开户、拨付资料"),
		"supervision": "0571-8862 1111", "agency_address": "杭州市余杭区南大街265号", "contact": "周正", "contact_phone": "0571-8862 0000", "issued": issued,
	}}
}

func recordJob() Job {
	findings := []map[string]any{}
	for _, x := range [][2]string{
		{"是否开设农民工工资专用账户", "项目部未能提供专用账户开户资料。劳资专管员李㛃称尚未开设。"},
		{"是否实行实名制管理", "现场有28名工人作业，实名制平台登记19人，其余9人未登记。"},
		{"是否订立劳动合同或者用工书面协议", "抽查28人，19人有书面劳动合同，9人没有。"},
		{"考勤和工资支付表编制", "2025年11月至2026年2月考勤表在项目部存放，经工人签名；工资支付表未经工人本人签名确认。"},
		{"是否按月足额支付工资", "工资支付表记载应发共计471,452.30元，银行流水记载已发85,000.00元。"},
		{"维权信息告示牌", "项目部门口设有告示牌，所列监督电话与实际一致。"},
	} {
		findings = append(findings, map[string]any{"item": x[0], "detail": x[1]})
	}
	return Job{Type: "D03", Token: token, Issued: issued, Fields: with(officers, map[string]any{
		"agency": "余杭区人力资源和社会保障局", "started": "2026年3月18日9时10分", "ended": "11时35分", "place": "良渚新城示例家园二期工程项目部",
		"employer": "杭州余杭示例建设工程有限公司", "uscc": "91330110MA2XXXXX7K", "address": "杭州市余杭区文一西路1500号3号楼2层",
		"project": "良渚新城示例家园二期工程", "permit": "330110202509010101", "manager": "欧阳䶮", "manager_post": "项目负责人", "manager_id": "330110198001010011", "manager_phone": "13800000000",
		"subject": "农民工工资支付情况", "shown": "看清楚了，听清楚了，不申请回避。", "findings": findings,
		"materials": []map[string]any{{"name": "2025年11月至2026年2月考勤表", "quantity": "12页", "kind": "复制件"}, {"name": "工资支付表", "quantity": "8页", "kind": "复制件", "note": "未经签名"}},
		"recording": "本次检查使用执法记录仪全程录像，编号为AV-2026-0318-01。",
	})}
}

func receiptJob() Job {
	return Job{Type: "D16", Number: "余人社监送〔2026〕第31号", Token: token, Issued: issued, Fields: map[string]any{
		"agency": "余杭区人力资源和社会保障局", "cause": "涉嫌拖欠农民工工资案", "recipient": "杭州余杭示例建设工程有限公司",
		"documents": []map[string]any{{"name": "劳动保障监察限期改正指令书", "doc_number": "浙杭余人社监令字〔2026〕第187号", "copies": "1"}},
		"place":     "杭州市余杭区文一西路1500号3号楼2层", "service_method": "留置送达", "refused": true, "refused_at": "2026年3月18日16时40分",
		"refused_by": "办公室主任王五", "left_at": "该公司住所", "photos": "PH-0318-07、PH-0318-08", "witness": "文一社区居民委员会 赵六",
		"server_a": "周正", "server_a_no": "33011001234", "server_b": "艾力·买买提", "server_b_no": "33011001235",
	}}
}

func interviewJob(questions []map[string]any) Job {
	if questions == nil {
		questions = []map[string]any{
			{"q": "我们是余杭区人力资源和社会保障局的劳动保障监察员周正、艾力·买买提，这是我们的执法证件（出示），执法证号分别为33011001234、33011001235，请你查看。看清楚了吗？", "a": "看清楚了。"},
			{"q": "今天依法就你班组工资被拖欠一事向你调查询问。依据《劳动保障监察条例》第十五条、第十六条和《中华人民共和国行政处罚法》第五十五条的规定，你应当如实回答询问并协助调查，提供真实材料，不得隐瞒事实真相、出具伪证或者隐匿、毁灭证据，否则应当承担相应的法律责任。听清楚了吗？", "a": "听清楚了。"},
			{"q": "你依法享有下列权利：认为询问人、记录人与本案有直接利害关系或者有其他关系可能影响公正执法的，有权申请回避；有权陈述、申辩；有权核对笔录，对记录有遗漏或者差错的，有权要求补充或者更正；对与本案无关的问题，有权拒绝回答；个人隐私、商业秘密依法受到保护。听清楚了吗？是否申请回避？", "a": "听清楚了，不申请回避。"},
			{"q": "工资由谁发、发到哪张卡、卡在谁手里？", "a": "由总包代发到我们本人的银行卡，卡在自己手里。2025年11月以后没有发过，只在春节前每人发了3,000.00元生活费。"},
			{"q": "哪几个月没发、应发多少、已发多少、还欠多少，怎么算出来的？", "a": "2025年11月到2026年2月四个月。日工资380元，按考勤表上我签字的天数算，应发17,480.00元，已发3,000.00元，还欠14,480.00元。"},
			{"q": "以上是否属实？你还有什么需要补充说明的事项或者意见？", "a": "属实，没有补充。"},
			{"q": "请你核对笔录，无误后逐页签名并捺指印（阅读有困难的，我们向你宣读）。", "a": "好的。"},
		}
	}
	return Job{Type: "D28", Token: token, Issued: issued, Fields: with(officers, map[string]any{
		"agency": "余杭区人力资源和社会保障局", "times": "1", "started": "2026年3月18日13时05分", "ended": "13时50分", "place": "良渚新城示例家园二期工程项目部会议室",
		"officer_a_post": "余杭区劳动保障监察大队科员", "officer_b_post": "余杭区劳动保障监察大队科员", "interviewee": "𠮷田勇", "sex": "男", "born": "1990年1月",
		"id_kind": "居民身份证", "id_number": "33011019900101000X", "employer": "杭州余杭示例建设工程有限公司木工班班长", "relation": "劳动者", "phone": "13900000000", "address": "浙江省杭州市余杭区良渚街道示例小区",
		"questions": questions,
	})}
}

func samples() map[string]Job {
	return map[string]Job{"D01": approvalJob(), "D02": noticeJob(), "D03": recordJob(), "D06": orderJob(28), "D16": receiptJob(), "D28": interviewJob(nil)}
}

func manyQuestions(n int) []map[string]any {
	var out []map[string]any
	for i := range n {
		out = append(out, map[string]any{
			"q": fmt.Sprintf("第%d问：哪几个月没发，应发多少、已发多少、还欠多少，怎么算出来的？", i+1),
			"a": fmt.Sprintf("第%d答：2025年11月到2026年2月四个月，按考勤表上我签字的天数算，还欠%d元。", i+1, 10000+i),
		})
	}
	return out
}
