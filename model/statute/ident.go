package statute

import (
	"regexp"
	"strings"
	"time"
	"unicode"
)

// Verdict is the judgement of an identifier as typed. It warns and never blocks: genuine
// codes exist that fail their check digit, and what was typed must be storable.
type Verdict struct {
	OK     bool
	Reason string // a Chinese sentence when not OK
	Normal string // the text in its usual form, also when not OK
}

func pass(normal string) Verdict          { return Verdict{OK: true, Normal: normal} }
func doubt(normal, reason string) Verdict { return Verdict{Reason: reason, Normal: normal} }

// compact makes half-width, upper-cases and removes every blank and invisible mark.
func compact(text string) string {
	return strings.Map(func(r rune) rune {
		r = unicode.ToUpper(halfWidth(r))
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text)
}

const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var (
	usccForm    = regexp.MustCompile(`^[0-9A-HJ-NPQRTUWXY]{18}$`)
	usccWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	bodyWeights = [8]int{3, 7, 9, 10, 5, 8, 4, 2}
	usccKinds   = regexp.MustCompile(`^(1[1239]|2[19]|3[1-59]|4[19]|5[1-59]|6[129]|7[129]|8[19]|9[123]|A[19]|N[1239]|Y1)`)
)

// CheckUSCC judges a unified social credit code by GB 32100-2015 (last symbol) and GB 11714
// (ninth symbol of the body, positions 9–17).
func CheckUSCC(text string) Verdict {
	code := compact(text)
	switch {
	case code == "":
		return doubt(code, "统一社会信用代码没有填写，无照经营的请注明“无证照”。")
	case len(code) == 15 && digits(code):
		return doubt(code, "这是15位的旧注册号，不是统一社会信用代码，请核对营业执照。")
	case len(code) != 18:
		return doubt(code, "统一社会信用代码应为18位，请核对营业执照。")
	case !usccForm.MatchString(code):
		return doubt(code, "统一社会信用代码只用数字和不含I、O、S、V、Z的大写字母，请核对营业执照。")
	case usccCheck(code) != code[17]:
		return doubt(code, "统一社会信用代码最后一位校验不符，请对照营业执照核对；确实如此的可以保留。")
	case bodyCheck(code[8:16]) != code[16]:
		return doubt(code, "统一社会信用代码第9至17位（主体标识码）校验不符，请对照营业执照核对；确实如此的可以保留。")
	case !usccKinds.MatchString(code):
		return doubt(code, "统一社会信用代码前两位不是已知的登记管理部门和机构类别，请核对营业执照。")
	}
	return pass(code)
}

func usccCheck(code string) byte {
	sum := 0
	for i, w := range usccWeights {
		sum += w * strings.IndexByte(usccAlphabet, code[i])
	}
	return usccAlphabet[(31-sum%31)%31]
}

func bodyCheck(body string) byte {
	sum := 0
	for i, w := range bodyWeights {
		v := int(body[i] - '0')
		if body[i] >= 'A' {
			v = int(body[i]-'A') + 10
		}
		sum += w * v
	}
	return "0X987654321"[sum%11]
}

// Sexes as an identity number tells them.
const (
	Male   = "男"
	Female = "女"
)

// IDNumber is a resident identity number and what it tells.
type IDNumber struct {
	Verdict
	Birth time.Time // midnight UTC of the day of birth, zero when it cannot be read
	Sex   string    // Male, Female, or empty
}

var (
	idForm    = regexp.MustCompile(`^\d{17}[\dX]$`)
	idWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
)

// CheckID judges a resident identity number by GB 11643. Birth and sex are given whenever
// they can be read, also when the check digit fails. Abolished division codes and residence
// permits (81, 82, 83) pass.
func CheckID(text string) IDNumber {
	no := compact(text)
	switch {
	case no == "":
		return IDNumber{Verdict: doubt(no, "身份证号码没有填写，请填写。")}
	case len(no) == 15 && digits(no):
		return IDNumber{Verdict: doubt(no, "这是15位的旧身份证号码，请核对现用的18位号码。")}
	case !idForm.MatchString(no):
		return IDNumber{Verdict: doubt(no, "身份证号码应为17位数字加1位数字或者X，请核对证件。")}
	}
	id := IDNumber{Sex: Female}
	if (no[16]-'0')%2 == 1 {
		id.Sex = Male
	}
	birth, err := time.Parse("20060102", no[6:14])
	if err != nil || birth.Year() < 1850 {
		id.Verdict = doubt(no, "身份证号码中的出生日期不存在，请核对证件。")
		return id
	}
	id.Birth = birth
	if idCheck(no) != no[17] {
		id.Verdict = doubt(no, "身份证号码最后一位校验不符，请核对证件；确实如此的可以保留。")
		return id
	}
	id.Verdict = pass(no)
	return id
}

func idCheck(no string) byte {
	sum := 0
	for i, w := range idWeights {
		sum += w * int(no[i]-'0')
	}
	return "10X98765432"[sum%11]
}

// AgeAt is the age in whole years (周岁) on a day, the birthday counting as full.
func AgeAt(birth, on time.Time) int {
	by, bm, bd := birth.Date()
	y, m, d := on.Date()
	age := y - by
	if m < bm || m == bm && d < bd {
		age--
	}
	return max(age, 0)
}
