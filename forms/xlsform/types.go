package xlsform

import (
	"regexp"
	"strings"

	"anxin/forms"
)

// plainTypes are the spellings of types that take no argument.
var plainTypes = map[string]forms.Type{
	"text": forms.TypeText, "string": forms.TypeText, "q string": forms.TypeText, "add text prompt": forms.TypeText,
	"integer": forms.TypeInteger, "int": forms.TypeInteger, "q int": forms.TypeInteger, "add integer prompt": forms.TypeInteger,
	"decimal": forms.TypeDecimal, "q decimal": forms.TypeDecimal, "add decimal prompt": forms.TypeDecimal, "range": forms.TypeRange,
	"date": forms.TypeDate, "q date": forms.TypeDate, "add date prompt": forms.TypeDate, "time": forms.TypeTime, "q time": forms.TypeTime,
	"datetime": forms.TypeDateTime, "date time": forms.TypeDateTime, "q datetime": forms.TypeDateTime, "add date time prompt": forms.TypeDateTime,
	"note": forms.TypeNote, "add note prompt": forms.TypeNote, "calculate": forms.TypeCalculate, "q calculate": forms.TypeCalculate, "add calculate prompt": forms.TypeCalculate,
	"hidden": forms.TypeHidden, "acknowledge": forms.TypeAcknowledge, "trigger": forms.TypeAcknowledge, "q acknowledge": forms.TypeAcknowledge, "add acknowledge prompt": forms.TypeAcknowledge,
	"image": forms.TypeImage, "photo": forms.TypeImage, "picture": forms.TypeImage, "q image": forms.TypeImage, "q picture": forms.TypeImage, "add image prompt": forms.TypeImage, "add photo prompt": forms.TypeImage,
	"audio": forms.TypeAudio, "q audio": forms.TypeAudio, "add audio prompt": forms.TypeAudio, "video": forms.TypeVideo, "q video": forms.TypeVideo, "add video prompt": forms.TypeVideo,
	"file": forms.TypeFile, "q file": forms.TypeFile, "add file prompt": forms.TypeFile,
	"geopoint": forms.TypeGeopoint, "gps": forms.TypeGeopoint, "location": forms.TypeGeopoint, "q geopoint": forms.TypeGeopoint, "q location": forms.TypeGeopoint, "add location prompt": forms.TypeGeopoint,
	"barcode": forms.TypeBarcode, "q barcode": forms.TypeBarcode, "add barcode prompt": forms.TypeBarcode,
	"start": forms.TypeStart, "start time": forms.TypeStart, "get start time": forms.TypeStart, "end": forms.TypeEnd, "end time": forms.TypeEnd, "get end time": forms.TypeEnd,
	"today": forms.TypeToday, "get today": forms.TypeToday, "deviceid": forms.TypeDeviceID, "device id": forms.TypeDeviceID, "get device id": forms.TypeDeviceID, "imei": forms.TypeDeviceID,
	"username": forms.TypeUsername, "get user name": forms.TypeUsername,
}

// outsideTypes are types of XLSForm that are not in the profile.
var outsideTypes = map[string]bool{
	"geotrace": true, "geoshape": true, "q geotrace": true, "q geoshape": true, "osm": true, "audit": true, "background-audio": true, "background-geopoint": true, "start-geopoint": true,
	"xml-external": true, "phonenumber": true, "phone number": true, "get phone number": true, "email": true, "simserial": true, "sim id": true, "get sim id": true,
	"subscriberid": true, "subscriber id": true, "get subscriber id": true, "uri:subscriberid": true, "uri:simserial": true, "uri:deviceid": true, "uri:phonenumber": true, "uri:username": true, "uri:email": true,
	"include": true, "select_one_external": true, "select_one_from_map": true, "range picker": true, "percentage": true,
}

var selectCommands = []struct {
	spelling string
	kind     forms.Type
	file     bool
}{
	{"select_multiple_from_file", forms.TypeSelectMultiple, true}, {"select multiple from file", forms.TypeSelectMultiple, true},
	{"select_one_from_file", forms.TypeSelectOne, true}, {"select one from file", forms.TypeSelectOne, true},
	{"add select one prompt using", forms.TypeSelectOne, false}, {"add select multiple prompt using", forms.TypeSelectMultiple, false},
	{"select all that apply from", forms.TypeSelectMultiple, false}, {"select all that apply", forms.TypeSelectMultiple, false},
	{"select one from", forms.TypeSelectOne, false}, {"select_one", forms.TypeSelectOne, false}, {"select one", forms.TypeSelectOne, false}, {"select1", forms.TypeSelectOne, false},
	{"select_multiple", forms.TypeSelectMultiple, false}, {"select multiple", forms.TypeSelectMultiple, false}, {"rank", forms.TypeRank, false},
}

// typed is what the type column says.
type typed struct {
	kind     forms.Type
	list     string
	file     string
	orOther  bool
	begin    bool
	end      bool
	external bool   // csv-external: declares a list, asks nothing
	outside  string // not in the profile
}

var (
	beginEnd   = regexp.MustCompile(`^(begin|end)[\s_]+(group|repeat|lgroup|looped group|loop)(?:\s+(?:over\s+)?(\S+))?$`)
	otherWords = regexp.MustCompile(`(?i)\s+(or specify other|or_other|or other)$`)
)

// parseType reads the type column; ok is false for what is no type at all.
func parseType(s string) (t typed, ok bool) {
	s = strings.Join(strings.Fields(s), " ")
	lower := strings.ToLower(s)
	if m := beginEnd.FindStringSubmatch(lower); m != nil {
		t = typed{kind: forms.TypeGroup, begin: m[1] == "begin", end: m[1] == "end"}
		switch m[2] {
		case "repeat", "lgroup", "looped group":
			t.kind = forms.TypeRepeat
		case "loop":
			t.outside = "loop"
		}
		return t, true
	}
	if kind, found := plainTypes[lower]; found {
		return typed{kind: kind}, true
	}
	if lower == "csv-external" {
		return typed{external: true}, true
	}
	if word, _, _ := strings.Cut(lower, " "); outsideTypes[lower] || outsideTypes[word] {
		if outsideTypes[word] {
			lower = word
		}
		return typed{kind: forms.TypeText, outside: lower}, true
	}
	return parseSelect(s)
}

// parseSelect does not look at the lower case of s: it may differ in length.
func parseSelect(s string) (typed, bool) {
	for _, command := range selectCommands {
		n := len(command.spelling)
		if len(s) <= n || s[n] != ' ' || !strings.EqualFold(s[:n], command.spelling) {
			continue
		}
		t := typed{kind: command.kind, list: strings.TrimSpace(s[n:])}
		if loc := otherWords.FindStringIndex(t.list); loc != nil {
			t.orOther, t.list = true, strings.TrimSpace(t.list[:loc[0]])
		}
		if command.file {
			t.file = t.list
		}
		return t, t.list != "" && !strings.ContainsAny(t.list, " \t")
	}
	return typed{}, false
}

// typeNames lists what may stand in the type column, for "did you mean".
func typeNames() []string {
	names := []string{"begin_group", "end_group", "begin_repeat", "end_repeat", "csv-external"}
	for n := range plainTypes {
		names = append(names, n)
	}
	for _, s := range selectCommands {
		names = append(names, s.spelling)
	}
	return names
}
