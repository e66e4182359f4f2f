/**
 * What is tried first: words, keyboard walks and habits of Chinese users (爱 = love, 1314 = forever, 520 = I love you,
 * pinyin of places, offices and names). Lower case, letters and digits only; digits and marks before and after a word
 * are taken off before the look-up, so `Woaini@1314` is found under `woaini`.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
  password passwd passwort pass passcode passphrase pwd mima mimashi mimamima kouling denglu yonghu guanliyuan
  admin administrator root superuser sysadmin system manager master owner guest user username default changeme
  letmein welcome hello helloworld login access secret private public temp temporary demo sample example
  iloveyou loveyou ilove love lovely loveme mylove princess sunshine monkey dragon shadow football baseball
  basketball superman batman spiderman pokemon starwars michael jordan charlie jessica ashley daniel thomas george
  hunter killer freedom whatever trustno trustnoone computer internet server oracle mysql postgres database redis
  samsung huawei xiaomi lenovo apple google baidu tencent alibaba taobao weixin wechat weibo douyin qqmima
  summer winter spring autumn monday friday january december china chinese zhongguo zhonghua huaxia
  a aa aaa aaaa ab abc abcd abcde abcdef abcdefg abcdefgh abcdefghij aabb aabbcc abcabc xyz zxc zxcv zxcvb
  zxcvbn zxcvbnm asd asdf asdfg asdfgh asdfghj asdfghjk asdfghjkl asdasd qwe qwer qwert qwerty qwertyu qwertyui
  qwertyuio qwertyuiop qweasd qweasdzxc qweqwe qaz qazwsx qazwsxedc qazxsw wsx wsxedc edc poiuytrewq lkjhgfdsa
  mnbvcxz q w e z x qq ww zz xx ss dd ff wo ni ta
  1qaz2wsx 1qaz2wsx3edc 1qazwsx3edc 1qazxsw2 1qazxsw23edc 2wsx3edc zaq12wsx zaq1xsw2 xsw2zaq1 1q2w3e 1q2w3e4r
  1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4 q1w2e3r4t5 qwe123qwe qwer1234qwer abc123abc abc123456abc asd123asd a1b2c3d4
  a1b2c3d4e5 a1s2d3f4 a1s2d3f4g5 1a2b3c4d 1a2b3c4d5e aa11bb22 aa123456aa a123456a a123456789a abcd1234abcd
  0123456789 1234567890 12345678910 9876543210 0987654321 1111111111 0000000000 8888888888 6666666666
  123456789a 1234567890a 123456789abc 123456789q 123456789z a1234567890 abc1234567 abc12345678 abc123456789
  test123456 test12345678 test1234567890 123456test pass123456 pass1234pass user123456 root123456
  p4ssw0rd passw0rd passwordpassword adminadmin admin123admin rootroot useruser qwertyqwerty
  woaini woaini1314 woaini520 woainima woainilaopo woainilaogong woaiwo woaiwojia woaiwoziji woaizhongguo
  woaizuguo woaibeijing woaimama woaibaba woaimuqin woshi woshishui woshini woshiwo woshinibaba nishishui
  wobuzhidao buzhidao wangjile wangjimima wodemima wodezhanghao wodeai wodejia aini ainiyiwannian ainiyouai
  ainiyishengyishi yishengyishi yiwannian yibeizi zhenai aiqing qinaide baobei baobao baobeier xiaobao laopo
  laogong laopolaogong qizi zhangfu mama baba mamababa babamama fumu erzi nver jiaren jiating wojia haohaoxuexi
  tiantianxiangshang xuexi kaixin kuaile xingfu pingan jiankang wanshiruyi gongxifacai facai facaile baofu
  zhaocaijinbao dajidali jixiang ruyi shunli chenggong haoyun fuguai shengrikuaile xinniankuaile
  nihao nihaoma nihaoya dajiahao zaoshanghao zaijian xiexie meiyou meiwenti suibian suibianba
  woshinidie shabi caonima qunimade gundan hahaha hahahaha heihei xixi lalala wawawa
  wangwei lina zhangwei wangfang lijun wangli zhangli liuwei wangjing zhangmin liqiang zhangjing wangqiang
  lijie wangyong zhangyong liming wanglei zhanglei wangtao liuyang zhangjie xiaoming xiaohong xiaoli laowang
  zhangsan lisi wangwu zhaoliu zhang wang zhao chen yang huang zhou
  beijing shanghai tianjin chongqing guangzhou shenzhen henan hebei hubei hunan shandong shanxi shaanxi jiangsu
  zhejiang anhui fujian jiangxi guangdong guangxi hainan sichuan guizhou yunnan xizang gansu qinghai ningxia
  xinjiang neimenggu liaoning jilin heilongjiang xianggang aomen taiwan zhengzhou luoyang nanyang kaifeng
  xinyang zhoukou shangqiu anyang xinxiang jiaozuo puyang xuchang luohe pingdingshan sanmenxia zhumadian jiyuan
  wuhan changsha nanjing hangzhou suzhou hefei fuzhou nanchang jinan qingdao taiyuan shijiazhuang xian lanzhou
  chengdu kunming guiyang nanning haikou lasa wulumuqi yinchuan xining huhehaote shenyang changchun haerbin
  nanyangshi henansheng zhongguoren
  gongan gonganju jingcha minjing police policeman fanzha fanzhazhongxin fanzhaban fanzhapian paichusuo xingjing
  jiaojing xianju shiju fenju zhihui zhihuizhongxin zhengfu dangwei jiedao xiangzhen shequ wangge wanggeyuan
  yujing quanzu sanji zhaji pianzi antifraud fraud
  `
    .split(/\s+/)
    .filter(Boolean),
);
