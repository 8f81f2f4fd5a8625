package hub

import (
	"cmp"
	"strings"

	"anxin/model"
)

// kindNames are the kinds of records as people call them.
var kindNames = map[model.Kind]string{
	model.KindOffice: "单位设置", model.KindOfficer: "执法人员", model.KindGrid: "网格", model.KindEmployer: "用人单位",
	model.KindSite: "工程项目", model.KindLead: "线索", model.KindCase: "案件", model.KindInspection: "检查",
	model.KindWageRoll: "工资表", model.KindInterview: "询问笔录", model.KindDocument: "文书", model.KindService: "送达",
	model.KindEvidence: "证据", model.KindCustody: "证据保管记录", model.KindIssuerKey: "签发密钥", model.KindFormPackage: "表单包",
	model.KindDraw: "随机抽查", model.KindPayment: "支付记录", model.KindContact: "联系记录", model.KindEntry: "台账登记",
}

// fieldNames are the fields of records as people call them.
var fieldNames = map[string]string{
	"about": "所针对的记录", "account": "收款账号", "account_bank": "开户银行", "account_name": "收款户名", "account_no": "账号",
	"accepted_on": "竣工验收", "address": "地址", "amount_fen": "金额", "announced": "通知", "approved": "审批",
	"assistant": "协办人", "at": "时间", "bank": "缴款银行", "breach_ended": "违法行为终了", "by": "由谁", "case": "案件", "cause": "案由",
	"cert_no": "执法证号", "cert_type": "证件类型", "checklist": "检查项目", "claim": "反映的情况", "code": "编码", "complainant": "投诉人",
	"contact": "联系人", "contact_phone": "联系人电话", "contract_fen": "合同额", "court": "管辖法院", "decide_by": "决定期限",
	"decided": "受理决定", "decisions": "决定", "division": "行政区划代码", "document": "文书", "due_by": "到期日期", "duty": "职务",
	"employer": "用人单位", "end": "结束时间", "events": "文书经过", "evidence": "证据", "extended": "延长期限", "fields": "文书内容",
	"file": "文件", "finish_by": "计划完工", "general": "总承包单位", "government": "复议机关", "grade": "诚信等级",
	"grade_year": "评价年度", "grid": "网格", "guarantee_bank": "保证机构", "guarantee_fen": "保证金额", "guarantee_from": "保证生效",
	"guarantee_kind": "保证形式", "guarantee_no": "保证编号", "guarantee_to": "保证到期", "head": "机关负责人", "head_post": "负责人职务",
	"headcount": "职工人数", "helpers": "协助人员", "id_no": "证件号码", "id_type": "证件种类", "industry": "行业", "inspection": "检查",
	"interview": "询问", "issued": "签发", "keeper": "网格员", "lead": "线索", "lead_officer": "主办人", "legal_rep": "法定代表人",
	"level": "级别", "listed": "所列名单", "log": "办理经过", "maker": "制表人", "matter": "事由", "mode": "送达方式", "name": "名称",
	"next": "下一步", "next_by": "下一步期限", "note": "备注", "number": "编号", "number_word": "文号代字", "officers": "承办人员",
	"opened_at": "立案时间", "opinion": "意见", "owner": "建设单位", "parent": "上级", "party": "当事人类别", "pauses": "中止",
	"permit_no": "施工许可证号", "person": "姓名", "phone": "联系电话", "pictures": "照片", "place": "地点", "postcode": "邮编",
	"project_code": "项目代码", "qas": "问答", "receiver": "签收人", "received_at": "收到时间", "recorder": "记录人",
	"recording": "音像记录", "refusal": "拒收事由", "region": "适用地区", "relation": "关系", "remedies": "告知救济途径",
	"rep_duty": "法定代表人职务", "replaces": "所更正的文书", "report_days": "报送期限", "role": "角色", "said": "谈话内容",
	"sanction": "处罚", "screen_signing": "屏上签名", "served_on": "送达日期", "settled_on": "工资结清", "sex": "性别",
	"site": "工程项目", "source": "来源", "stage": "阶段", "start": "开始时间", "started": "开工日期", "state": "状态", "subs": "分包单位",
	"supplemented_at": "补正时间", "supports": "证明对象", "suspended": "证件停用", "times": "询问次数", "title": "标题",
	"titles": "文书名称", "told": "告知", "type": "种类", "unit": "单位", "uscc": "统一社会信用代码", "valid_from": "有效期起",
	"valid_to": "有效期至", "version": "版本", "wage_officer": "劳资专管员", "wage_officer_phone": "劳资专管员电话", "wage_roll": "工资表",
	"way": "方式", "witness": "见证人", "workers": "劳动者",
}

// kindName is what people call a kind; one this program does not know goes by
// its own name.
func kindName(k model.Kind) string { return cmp.Or(kindNames[k], string(k)) }

// fieldName is what people call a field of a record; what lies within a field,
// such as one answer of a checklist, keeps its own name behind that.
func fieldName(path string) string {
	field, within, _ := strings.Cut(path, ".")
	return strings.TrimSpace(cmp.Or(fieldNames[field], field) + " " + within)
}
