/** What is wrong with a message, in Chinese, by the English text of the decoder. */
import { createTranslator } from '../checks/pattern-words.ts';

const DECODE_WORDS_ZH: Readonly<Record<string, string>> = {
  'there is no message': '没有报文',
  'no dialect and framing finds a message type here': '任何方言与帧格式都找不到报文类型',
  // Around the message.
  'the length needs {} bytes, {} are there': '长度域需要 {0} 字节，实有 {1} 字节',
  'the length is not written as {}': '长度不是 {0} 格式',
  'the length says {} bytes: no message is so long': '长度写明 {0} 字节：没有这么长的报文',
  'the length says {} bytes, {} are there': '长度写明 {0} 字节，实有 {1} 字节',
  'the last byte is not 03 (ETX)': '末字节不是 03（ETX）',
  'a TPDU needs {} bytes, {} are left': 'TPDU 需要 {0} 字节，仅剩 {1} 字节',
  'a TPDU starts with 60 or 68': 'TPDU 应以 60 或 68 开头',
  'a Visa header is 22 to 26 bytes and says so in its first': 'Visa 报文头为 22 到 26 字节，且由首字节写明',
  'the Visa header says {} bytes, {} are there': 'Visa 报文头写明 {0} 字节，实有 {1} 字节',
  'a BASE24 header is ISO and nine digits': 'BASE24 报文头为 ISO 加九位数字',
  'a terminal header is twelve packed digits that start with 6': '终端报文头为以 6 开头的十二位压缩数字',
  // Message type and bitmap.
  'the message type needs {} bytes, {} are left': '报文类型需要 {0} 字节，仅剩 {1} 字节',
  'this is no message type ({})': '不是报文类型（{0}）',
  'message type {} is of another version of ISO 8583 than this dialect': '报文类型 {0} 属于 ISO 8583 的其他版本',
  'the bitmap needs {} bytes, {} are left': '位图需要 {0} 字节，仅剩 {1} 字节',
  'the bitmap holds a character that is no hexadecimal digit': '位图中有非十六进制字符',
  'the bitmap mixes upper and lower case: this is no bitmap': '位图大小写混用：不是位图',
  '{}, every byte has its place too: a bit of the bitmap may be wrong': '{0}后所有字节也各有归属：位图可能有一位错误',
  'with field {}': '增加域 {0} ',
  'without field {}': '去掉域 {0} ',
  'with field {} in place of {}': '以域 {0} 代替域 {1} ',
  '{} and {}': '{0} 和 {1}',
  '{} bytes follow the last field': '最后一个域之后还有 {0} 字节',
  // Fields.
  'field {} is announced and not defined': '位图有域 {0}，但没有其定义',
  'field {} is required and absent': '缺少必需的域 {0}',
  'field {} needs {} bytes, {} are left': '域 {0} 需要 {1} 字节，仅剩 {2} 字节',
  'field {}: its length needs {} bytes, {} are left': '域 {0}：其长度需要 {1} 字节，仅剩 {2} 字节',
  'field {}: its length is not in {} digits': '域 {0}：其长度不是 {1} 数字',
  'field {}: length {}, at most {}': '域 {0}：长度 {1}，最多 {2}',
  'field {}: {}': '域 {0=}：{1}',
  'length 0 where something belongs': '长度为 0，此处应有内容',
  'these are hexadecimal digits where bytes belong': '应为字节，实为十六进制字符',
  'this is no hexadecimal digit': '不是十六进制数字',
  'this is no digit ({})': '不是数字（{0}）',
  'this is no character of a track': '不是磁道字符',
  'this is no printable character ({})': '不是可打印字符（{0}）',
  'a nibble here is no digit': '有半字节不是数字',
  'an odd number of digits starts with the nibble {}': '奇数位数字应以半字节 {0} 开头',
  'an odd number of digits ends with the nibble {}': '奇数位数字应以半字节 {0} 结尾',
  'C or D belongs here': '此处应为 C 或 D',
  'objects and lengths of the BER-TLV do not fill the field': 'BER-TLV 的对象与长度未能填满该域',
  'there is no such date or time ({})': '没有这样的日期或时间（{0}）',
  'a track is digits, one separator (= or D), digits': '磁道应为数字、一个分隔符（= 或 D）、数字',
  'a currency is three digits or three capital letters': '货币应为三位数字或三个大写字母',
  'a response code is letters and digits': '应答码应为字母和数字',
  'only letters, digits and spaces': '只能是字母、数字和空格',
};

const translate = createTranslator(DECODE_WORDS_ZH);

export function tellDecoded(message: string): string {
  return translate(message, tellDecoded);
}
