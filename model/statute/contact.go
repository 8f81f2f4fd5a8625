package statute

import (
	"regexp"
	"strings"
)

var (
	mobileForm   = regexp.MustCompile(`^1[3-9]\d{9}$`)
	landlineForm = regexp.MustCompile(`^(0\d{2,3}-?)?[1-9]\d{6,7}(-\d{1,6})?$|^(400|800)-?\d{3}-?\d{4}$|^1\d{4}$`)
	countryCode  = regexp.MustCompile(`^(\+86|0086|86(1[3-9]))-?`)
	areaCode     = regexp.MustCompile(`^\((0\d{2,3})\)-?`)
	cardForm     = regexp.MustCompile(`^\d{12,19}$`)
	projectForm  = regexp.MustCompile(`^\d{4}-\d{6}-\d{2}-\d{2}-\d{6}$`)
	projectPlain = regexp.MustCompile(`^\d{20}$`)
	divisionForm = regexp.MustCompile(`^[1-9]\d{5}(\d{3})?(\d{3})?$`)
	gridForm     = regexp.MustCompile(`^[1-9]\d{11}(\d{3})?$`)
	certForm     = regexp.MustCompile(`^[0-9A-Z-]{6,20}$`)
)

// CheckPhone judges a phone number: a mobile of eleven digits, a landline with or without
// area code and extension, a service number.
func CheckPhone(text string) Verdict {
	no := countryCode.ReplaceAllString(compact(text), "$2")
	no = areaCode.ReplaceAllString(no, "$1-")
	if mobile := strings.ReplaceAll(no, "-", ""); mobileForm.MatchString(mobile) {
		return pass(mobile)
	}
	switch {
	case no == "":
		return doubt(no, "电话号码没有填写，请填写。")
	case landlineForm.MatchString(no):
		return pass(no)
	case len(no) > 0 && no[0] == '1':
		return doubt(no, "手机号码应为11位数字，以13至19开头，请核对。")
	}
	return doubt(no, "电话号码写法无法识别，请写成手机号码或者“区号-号码”。")
}

// CheckCard judges a bank card number by its length and Luhn digit; blanks and hyphens
// between groups are removed.
func CheckCard(text string) Verdict {
	no := strings.ReplaceAll(compact(text), "-", "")
	switch {
	case no == "":
		return doubt(no, "银行卡号没有填写，请填写。")
	case !cardForm.MatchString(no):
		return doubt(no, "银行卡号应为12至19位数字，请核对。")
	case !luhn(no):
		return doubt(no, "银行卡号校验不符，请对照银行卡核对；确实如此的可以保留。")
	}
	return pass(no)
}

func luhn(no string) bool {
	sum := 0
	for i := range len(no) {
		d := int(no[len(no)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
			if d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// CheckProjectCode judges the code of an investment project (GB/T 40058-2021): 24 characters
// of which four are hyphens. A code typed without its hyphens gets them back.
func CheckProjectCode(text string) Verdict {
	code := compact(text)
	if projectPlain.MatchString(code) {
		code = strings.Join([]string{code[:4], code[4:10], code[10:12], code[12:14], code[14:]}, "-")
	}
	switch {
	case code == "":
		return doubt(code, "项目代码没有填写，请填写。")
	case !projectForm.MatchString(code):
		return doubt(code, "项目代码应为“年份-区划-部门-类型-序号”共24位，如“2026-430725-47-01-123456”，请核对。")
	}
	return pass(code)
}

// CheckDivision judges a division code: 6 digits (GB/T 2260), or 9 or 12 digits for a
// township or a village.
func CheckDivision(text string) Verdict {
	code := compact(text)
	if !divisionForm.MatchString(code) {
		return doubt(code, "行政区划代码应为6位、9位或者12位数字，请核对。")
	}
	return pass(code)
}

// CheckGrid judges a grid code: by default a 12-digit division code and three more digits.
// Local codes are free, so the verdict only warns.
func CheckGrid(text string) Verdict {
	code := compact(text)
	switch {
	case code == "":
		return doubt(code, "网格编码没有填写，请填写。")
	case !gridForm.MatchString(code):
		return doubt(code, "网格编码通常为12位区划代码加3位序号，请核对；使用本地编码的可以保留。")
	}
	return pass(code)
}

// CheckCertNo judges the number of an enforcement certificate. There is no national
// algorithm: 6 to 20 digits, capital letters and hyphens.
func CheckCertNo(text string) Verdict {
	no := compact(text)
	switch {
	case no == "":
		return doubt(no, "执法证号没有填写，请填写。")
	case !certForm.MatchString(no):
		return doubt(no, "执法证号应为6至20位数字、大写字母或者连字符，请核对证件。")
	}
	return pass(no)
}

// MaskID hides the birthday of an identity number for lists and posted copies:
// 110105********002X. Any other text keeps at most its last four characters.
func MaskID(no string) string {
	if len(no) != 18 || !idForm.MatchString(no) {
		return maskTail(no, 4)
	}
	return no[:6] + "********" + no[14:]
}

// MaskPhone hides the middle of a mobile number: 138****5678.
func MaskPhone(no string) string {
	if !mobileForm.MatchString(no) {
		return maskTail(no, 2)
	}
	return no[:3] + "****" + no[7:]
}

// MaskCard hides all but the last four digits of a bank card.
func MaskCard(no string) string { return maskTail(no, 4) }

// LastFour returns the last four characters of a card number, as printed in an annex.
func LastFour(no string) string {
	runes := []rune(no)
	return string(runes[max(0, len(runes)-4):])
}

// maskTail keeps the last keep characters, but never more than half of the text.
func maskTail(text string, keep int) string {
	runes := []rune(text)
	hidden := max(len(runes)-keep, (len(runes)+1)/2)
	return strings.Repeat("*", hidden) + string(runes[hidden:])
}
