using System.Buffers.Text;
using System.Text;

namespace FollowUp.Functions.Tests.Fuzz;

/// <summary>What no client would send that means well. All of it is drawn from the seed.</summary>
internal sealed class Nasty(Random random)
{
    /// <summary>Texts, as they stand in JSON between the quotes.</summary>
    private static readonly string[] Strings =
    [
        "", " ", "\\u0000", "a\\u0000b", "\\ud800", "\\udc00\\ud800", "x\\ud83d", "\\u001b[31m", "\\r\\nX-Evil: 1", "\\u202egnp.exe", "\\ufeff", "\\uffff",
        "'", "' OR 1=1 --", "'; DROP TABLE clinics; --", "\\\"", "\\\\", "%27%20OR%201=1", "$(id)", "`id`", "{{7*7}}", "${jndi:ldap://x}", "{firstName", "}{",
        "<script>alert(1)</script>", "\\\"><img src=x onerror=alert(1)>", "../../etc/passwd", "..\\\\..\\\\", "/", "//", "file:///etc/passwd", "javascript:alert(1)",
        "http://[::1", "https://" , "null", "true", "0", "-1", "1e999", "NaN", "undefined", "+", "+1", "+14155550123\\n", "+99999999999999999999", "٠١٢٣", "Ａ", "ﬃ", "İ", "ß",
        "👩‍⚕️", "é", "e\\u0301", "2026-13-45T99:99:99Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-14:00", "2026-12-01T10:00:00+99:99",
        "P999999999999D", "-P", "P1Y2M3W4DT5H6M7S", "PT0.0000001S", "P-2147483648M", "24:00", "America/../../etc", "Etc/GMT+99", "en-x-", "x-klingon", "a-b-c-d-e-f-g-h",
        "MG00000000000000000000000000000000", "STOP", "stop all", "glow", "key:root", "a\\nb\\nc",
    ];

    /// <summary>Whole values.</summary>
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-0", "-1", "1.5", "1e0", "1E400", "-1E400", "1e-400", "2147483647", "2147483648", "-2147483649", "9007199254740993",
        "99999999999999999999999999999999999999", "0.1e1", "[]", "{}", "[null]", "[[]]", "[{}]", "{\"\":0}", "{\"a\":{\"b\":{}}}", "[1,\"a\",null,{}]", "\"\"", "[\"care\",\"care\"]",
    ];

    /// <summary>Parts of an address, escaped or not.</summary>
    private static readonly string[] PathParts =
    [
        "%00", "%2e%2e", "%2e", "..%2f..%2fetc%2fpasswd", "%2f", "%252f", "%5c", "%0d%0aX:1", "%0a", "%ff", "%c0%af", "%e2%80%ae", "%20", "+", "a%20b", "-a", ".a", "_a", "a:b", "a;b=c",
        "a,b", "'", "%27%20OR%201=1--", "%22", "%3Cscript%3E", "*", "%25", "%", "~", "@", "null", "undefined", "0", "-1", "9223372036854775808", "1e3", "%F0%9F%98%B3", "%D9%A1", "aux", "con",
    ];

    private static readonly string[] QueryValues =
    [
        "", "0", "-1", "1", "200", "201", "2147483648", "99999999999999999999", "1e2", "1.5", "+5", "%2B5", "%205", "0x10", "true", "TRUE", "false", "null", "%00", "%ff", "%0a", "a%0ab", "'",
        "%27%20OR%201=1--", "%22", "[]", "glow", "other", "no%20where", "..", "AAAA", "====", "%F0%9F%98%B3", "2026-12-01T10:00:00Z", "2026-12-01", "%D9%A1",
    ];

    private static readonly string[] MediaTypes =
    [
        "", "text/plain", "application/xml", "application/json; charset=utf-16", "application/json; charset=no-such", "application/json;;;", "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/octet-stream", "APPLICATION/JSON", "garbage", "application/cloudevents+json", "text/csv",
        "application/fhir+json", "*/*",
    ];

    public T Any<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    /// <summary>A JSON string, quotes and all.</summary>
    public string String() => random.Next(12) switch
    {
        0 => '"' + new string(Any<char>(['x', 'é', '{', '0', '.']), random.Next(1, 3000)) + '"',
        1 => '"' + new string('a', Any([60, 61, 64, 65, 100, 101, 200, 201, 480, 481, 1000, 1001])) + '"',
        2 => '"' + string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => Any(Strings))) + '"',
        _ => '"' + Any(Strings) + '"',
    };

    /// <summary>Any JSON value, also such as only a strict reader refuses.</summary>
    public string Value() => random.Next(10) switch
    {
        < 5 => String(),
        9 => Deep(random.Next(1, 200)),
        _ => Any(Values),
    };

    public string PathPart() => random.Next(6) == 0 ? new string('a', random.Next(60, 400)) : Any(PathParts);

    public string QueryValue() => random.Next(8) switch
    {
        0 => Uri.EscapeDataString(Cursor()),
        1 => new string('x', random.Next(1, 5000)),
        _ => Any(QueryValues),
    };

    public string MediaType() => Any(MediaTypes);

    /// <summary>What looks like a cursor and is none.</summary>
    public string Cursor() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Any(
    [
        "", "\n", "\n\n", "a", "a\nb", "2026-12-01T10:00:00Z\n", "2026-12-01T10:00:00Z\n' OR 1=1", "9999-12-31T23:59:59.999999999Z\nx", "-9998-01-01T00:00:00Z\nx", "0\n0", "-1", "99999999999999999999",
        "2026-12-01T10:00:00Z\n\0", "\0", new string('a', 300), "1e5", "2026-12-01T10:00:00Z\na\nb",
    ])));

    /// <summary>Breaks a text that was JSON.</summary>
    public byte[] Break(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var place = random.Next(bytes.Length + 1);
        return random.Next(14) switch
        {
            0 => bytes[..place],
            1 => [.. bytes[..place], (byte)random.Next(256), .. bytes[place..]],
            2 => [.. bytes, .. bytes],
            3 => [0xEF, 0xBB, 0xBF, .. bytes],
            4 => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(json)],
            5 => [],
            6 => Encoding.UTF8.GetBytes(new string(' ', random.Next(1, 100))),
            7 => Encoding.UTF8.GetBytes(Deep(random.Next(60, 20_000))),
            8 => Encoding.UTF8.GetBytes(new string('[', random.Next(60, 30_000))),
            9 => [.. "// comment\n"u8, .. bytes],
            10 => Encoding.UTF8.GetBytes(json.Replace('"', '\'')),
            11 => Encoding.UTF8.GetBytes(Value()),
            12 => [.. bytes, .. new byte[70_000]],
            _ => random.Next(2) == 0 ? [.. bytes[..place], 0, .. bytes[place..]] : Encoding.UTF8.GetBytes($"[{json}]"),
        };
    }

    private string Deep(int depth) => random.Next(2) == 0
        ? new string('[', depth) + new string(']', depth)
        : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "0" + new string('}', depth);
}
