package bundle

import "errors"

// What can be wrong with a bundle, for errors.Is.
var (
	ErrNotBundle = errors.New("这不是安薪的文件包，请核对选择的文件")
	ErrTruncated = errors.New("文件包不完整，可能没有拷贝完，请重新拷贝")
	ErrNewer     = errors.New("文件包由更新的程序制作，请升级本程序后再打开")
	ErrKind      = errors.New("文件包的种类不对，请核对选择的文件")
	ErrName      = errors.New("文件包里的文件名不能使用")
	ErrDuplicate = errors.New("文件包里有两个同名的文件")
	ErrExtra     = errors.New("文件包里有清单以外的文件，可能被人添加过")
	ErrMissing   = errors.New("文件包里缺少清单上的文件")
	ErrTooLarge  = errors.New("文件包超出了允许的大小")
	ErrDamaged   = errors.New("文件包的内容已经损坏或被改动，请向制作方重新索取")
	ErrForged    = errors.New("文件包的签名与清单不符，清单被改动过或者是伪造的")
	ErrUnknown   = errors.New("文件包由不认识的设备签名，请先与中心同步或者核对来源")
	ErrSealed    = errors.New("文件包是加密的，本机没有能打开它的密钥，请核对是否发给本单位")
)
