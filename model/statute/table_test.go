package statute

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// shipped copies the tables the program ships into memory.
func shipped(t testing.TB) fstest.MapFS {
	t.Helper()
	tables := fstest.MapFS{}
	root := os.DirFS("../../assets/statute")
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".csv") {
			return err
		}
		data, err := fs.ReadFile(root, path)
		tables[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tables
}

func TestFaultyTables(t *testing.T) {
	for _, c := range []struct{ name, file, old, new, want string }{
		{"unknown unit", "clocks.csv", "收到投诉,5,W,", "收到投诉,5,D,", "clocks.csv 第5行“unit”列：“D”不是可用的值"},
		{"overlap", "clocks.csv", ",,2021-12-31,,旧规", ",,,,旧规", "clocks.csv 第40行“valid_from”列：“service.public”的有效期与第39行重叠"},
		{"no article", "clocks.csv", "《劳动保障监察条例》第二十条", "", "clocks.csv 第6行“basis”列：不能为空"},
		{"article without a name", "clocks.csv", "《劳动保障监察条例》第二十条", "第二十条", "clocks.csv 第6行“basis”列：应写明带书名号的法律名称"},
		{"length in words", "clocks.csv", "立案,60,W", "立案,六十,W", "clocks.csv 第8行“length”列：应为整数"},
		{"no length", "clocks.csv", "立案,60,W", "立案,0,W", "clocks.csv 第8行“length”列：期限不能为0"},
		{"months backwards", "clocks.csv", "行政行为,6,M", "行政行为,-6,M", "只有按日计算的期限可以倒推"},
		{"dates crossed", "clocks.csv", "2004-12-01,,,连续", "2004-12-01,2003-01-01,,连续", "clocks.csv 第6行“valid_to”列：失效日期早于生效日期"},
		{"wrong date", "clocks.csv", "2004-12-01,,,连续", "2004/12/1,,,连续", "clocks.csv 第6行“valid_from”列：日期应写成"},
		{"renamed column", "clocks.csv", "key,title,start", "key,title,begin", "clocks.csv 第4行“start”列：缺少这一列"},
		{"extra column", "clocks.csv", "region,note", "region,note,memo", "clocks.csv 第4行“memo”列：不认识这个列名"},
		{"column twice", "clocks.csv", "region,note", "region,note,note", "clocks.csv 第4行“note”列：列名重复"},
		{"cells missing", "clocks.csv", ",,,受理当日立案", "", "clocks.csv 第5行：应有13格"},
		{"open quote", "clocks.csv", "complaint.accept", "\"complaint.accept", "引号没有配对"},
		{"unknown clock", "documents.csv", "hearing.request", "hearing.ask", "documents.csv 第17行“on_service”列：没有名为“hearing.ask”的条目"},
		{"unknown gate", "documents.csv", "review_passed", "review_ok", "没有名为“review_ok”的条目"},
		{"unknown slot", "documents.csv", "劳监令,{word}{type}字〔{year}〕第{n}号", "劳监令,{word}{kind}字〔{year}〕第{n}号", "documents.csv 第10行“pattern”列：文号格式"},
		{"unknown signer", "documents.csv", "P*;T;W?", "P*;Q", "“Q”不是可用的签名人"},
		{"no copies", "documents.csv", "第{n}号,0,3,", "第{n}号,0,0,", "“copies”列：份数应为1至9"},
		{"gate twice", "gates.csv", "certificate_shown", "two_officers", "gates.csv 第4行“key”列：“two_officers”重复"},
		{"unknown condition", "rules.csv", "order_lapsed", "order_late", "不认识的条件“order_late”"},
		{"versions overlap", "rules.csv", "K,2018-01-01,2021-12-31,,\nblacklist,2022", "K,2018-01-01,2021-12-31,,\nblacklist,2023,any,paid,1,,已经支付。,《办法》,S,2020-01-01,2021-01-01,,\nblacklist,2022", "“2023”的有效期与第9行的版本重叠"},
		{"a version in two periods", "rules.csv", "2022-01-01,,,\nblacklist,2022,all", "2022-03-01,,,\nblacklist,2022,all", "同一版本各行的起止日期和地区应当一致"},
		{"amounts crossed", "criminal.csv", "3,5000,20000", "3,50000,20000", "criminal.csv 第3行“one_low”列：各项数额应大于0"},
		{"fine crossed", "fines.csv", "worker,100,500", "worker,1000,500", "下限不得高于上限"},
		{"amount in words", "fines.csv", "worker,100,500", "worker,一百,500", "“low”列：金额写法无法识别"},
		{"parameter missing", "parameters.csv", "overtime.month_days", "overtime.days", "parameters.csv：缺少“overtime.month_days”一行"},
		{"parameter without figure", "parameters.csv", ",2175,", ",;,", "“value”列：没有数值"},
		{"unknown proof", "services.csv", "witness|photo", "neighbour|photo", "services.csv 第4行“proof”列：没有名为“neighbour”的证明材料"},
		{"unknown clock of service", "services.csv", "service.public", "service.notice", "services.csv 第9行“clock”列：没有名为“service.notice”的期限"},
		{"mode twice", "services.csv", "\n张贴,", "\n公告,", "“公告”重复"},
		{"code twice", "dictionaries.csv", "cause,02", "cause,01", "dictionaries.csv 第4行“code”列：“01”重复"},
		{"not UTF-8", "gates.csv", "level", "\xc4\xe3level", "gates.csv：文字编码不是 UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tables := shipped(t)
			text := string(tables[c.file].Data)
			if !strings.Contains(text, c.old) {
				t.Fatalf("%s has no %q to spoil", c.file, c.old)
			}
			tables[c.file].Data = []byte(strings.Replace(text, c.old, c.new, 1))
			_, err := Load(tables)
			var fault *TableError
			if !errors.As(err, &fault) || !strings.Contains(err.Error(), c.want) || fault.File != c.file {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestMissingTable(t *testing.T) {
	tables := shipped(t)
	delete(tables, "services.csv")
	if _, err := Load(tables); err == nil || !strings.Contains(err.Error(), "services.csv：找不到这个数据表") {
		t.Errorf("got %v", err)
	}
}

// What a spreadsheet does to a table when it saves it is harmless.
func TestTableFromASpreadsheet(t *testing.T) {
	tables := shipped(t)
	text := strings.ReplaceAll(string(tables["gates.csv"].Data), "\n", "\r\n")
	tables["gates.csv"].Data = []byte("\xef\xbb\xbf" + text + ",,,,,\r\n\r\n")
	if _, err := Load(tables); err != nil {
		t.Error(err)
	}
}

func FuzzClockTable(f *testing.F) {
	f.Add([]byte("key,title\n\"a,b"))
	f.Add([]byte("# 说明\n" + strings.Join(clockColumns, ",") + "\nk,t,s,,-,,none,惯例,K,2020-01-01,2021-12-31,湖南,\nk,t,s,131,F,,none,惯例,K,2021-12-31,,湖南,\n"))
	f.Add([]byte(strings.Join(clockColumns, ",") + "\nk,t,s,9,W,,none,《法》,V,,,,\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		law := &Law{}
		err := law.loadClocks(fstest.MapFS{"clocks.csv": {Data: data}})
		if err == nil {
			return
		}
		var fault *TableError
		if !errors.As(err, &fault) || fault.File != "clocks.csv" {
			t.Fatalf("an error that names no place: %v", err)
		}
	})
}
