using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using FollowUp.TwilioEmulator.Api;
using FollowUp.TwilioEmulator.Messages;

namespace FollowUp.TwilioEmulator.Phone;

/// <summary>
/// Draws the page. It is complete without a script; the script keeps it fresh and shows times in the reader's zone instead of UTC. Every
/// text and number goes through the HTML encoder.
/// </summary>
internal static class PhonePage
{
    private static readonly string s_style = EmbeddedText.Read("phone.css");
    private static readonly string s_script = EmbeddedText.Read("phone.js");

    /// <param name="model">What to show.</param>
    /// <param name="nonce">The value that the content security policy allows inline style and script under.</param>
    public static string Render(PhoneModel model, string nonce)
    {
        var title = model.Handset is null ? "Phones" : $"Phone {model.Handset}";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Encode(title)} · Twilio emulator</title>
            <link rel="icon" href="data:,">
            <style nonce="{nonce}">{s_style}</style>
            </head>
            <body class="{(model.Handset is null ? "choosing" : "reading")}">
            {Phones(model)}
            {Conversation(model)}
            <script nonce="{nonce}">{s_script}</script>
            </body>
            </html>
            """;
    }

    private static string Phones(PhoneModel model)
    {
        var items = new StringBuilder();
        foreach (var last in model.Phones)
        {
            var current = last.Handset == model.Handset ? " aria-current=\"page\"" : "";
            items.Append(
                $"""
                <li><a href="{Address(last.Handset, null)}"{current}>
                <span class="number">{Encode(last.Handset)}</span>
                <time datetime="{Iso(last.CreatedAt)}" data-show="short">{last.CreatedAt.UtcDateTime.ToString("d MMM", CultureInfo.InvariantCulture)}</time>
                <span class="snippet">{(last.IsInbound ? "You: " : "")}{Encode(last.Body)}</span></a></li>

                """);
        }

        var list = model.Phones.Count == 0
            ? "<p class=\"empty\">No texts yet. As soon as one is sent, the phone that gets it appears here.</p>"
            : $"<ul>{items}</ul>";
        return $"""
            <nav class="phones" aria-label="Phones">
            <h1>Phones</h1>
            <form class="open" method="get" action="/phone">
            <label for="number">Open a number</label>
            <div><input id="number" name="number" type="tel" autocomplete="off" placeholder="+14155550123" required><button>Open</button></div>
            {(model.Handset is null ? Error(model) : "")}
            </form>
            <div id="phones">{list}</div>
            </nav>
            """;
    }

    private static string Conversation(PhoneModel model)
    {
        if (model.Handset is null)
        {
            return "<main class=\"device none\"><p class=\"empty\">Choose a phone to read its texts and answer them.</p></main>";
        }

        var form = $"""
            <form class="answer" method="post" action="/phone">
            {Error(model)}
            <input type="hidden" name="number" value="{Encode(model.Handset)}">
            <input type="hidden" name="with" value="{Encode(model.Sender!)}">
            <label class="hidden" for="body">Text message</label>
            <textarea id="body" name="body" rows="1" maxlength="{MessageRequest.MaxBody}" required placeholder="Text message">{Encode(model.Draft)}</textarea>
            <button aria-label="Send"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 20V5M5 12l7-7 7 7"/></svg></button>
            </form>
            """;
        return $"""
            <main class="device">
            <header>
            <a class="back" href="/phone" aria-label="All phones"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M15 5l-7 7 7 7"/></svg></a>
            <div><h2>{Encode(model.Sender!)}</h2>
            <p>on the phone {Encode(model.Handset)}</p></div>
            <p class="clock" id="clock"><time datetime="{Iso(model.Now)}" data-show="clock">{Clock(model.Now)} UTC</time></p>
            </header>
            {Senders(model)}
            <div class="thread" id="thread" role="log" aria-label="Texts" tabindex="0">{Thread(model)}</div>
            {form}
            </main>
            """;
    }

    private static string Senders(PhoneModel model)
    {
        if (model.Senders.Count < 2)
        {
            return "";
        }

        var links = model.Senders.Select(sender =>
            $"<li><a href=\"{Address(model.Handset!, sender)}\"{(sender == model.Sender ? " aria-current=\"page\"" : "")}>{Encode(sender)}</a></li>");
        return $"<nav class=\"senders\" aria-label=\"Conversations\"><ul>{string.Concat(links)}</ul></nav>";
    }

    private static string Thread(PhoneModel model)
    {
        if (model.Texts.Count == 0)
        {
            return $"<p class=\"empty\">No texts with {Encode(model.Sender!)} yet.</p>";
        }

        var items = new StringBuilder();
        DateOnly? lastDay = null;
        foreach (var text in model.Texts)
        {
            var day = DateOnly.FromDateTime(text.CreatedAt.UtcDateTime);
            if (day != lastDay)
            {
                items.Append($"<li class=\"day\">{day.ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture)}</li>\n");
                lastDay = day;
            }

            items.Append(
                $"""
                <li class="text {(text.IsInbound ? "mine" : "theirs")}{(IsLost(text) ? " lost" : "")}">
                <p>{Encode(text.Body)}</p>
                <div class="under"><time datetime="{Iso(text.CreatedAt)}" data-show="time">{Clock(text.CreatedAt)}</time> {Ticks(text)}</div></li>

                """);
        }

        var optedOut = model.OptedOut
            ? "<p class=\"notice\">This phone has opted out: Twilio refuses texts to it until it answers START.</p>"
            : "";
        return $"<ol>{items}</ol>{optedOut}";
    }

    private static string Ticks(Message text)
    {
        var (mark, words) = text.Status switch
        {
            Statuses.Received => ("✓", "Sent"),
            Statuses.Delivered => ("✓✓", "Delivered"),
            Statuses.Sent => ("✓", "Sent, not yet delivered"),
            Statuses.Undelivered or Statuses.Failed => ("!", "Not delivered"),
            _ => ("…", "On its way"),
        };
        var why = IsLost(text) ? $": {text.ErrorCode} {TwilioError.Describe(text.ErrorCode)}".TrimEnd() : "";
        return $"<span class=\"ticks\"><span aria-hidden=\"true\">{mark}</span> {Encode(words + why)}</span>";
    }

    private static bool IsLost(Message text) => text.Status is Statuses.Undelivered or Statuses.Failed;

    private static string Error(PhoneModel model) =>
        model.Error is { } error ? $"<p class=\"error\" role=\"alert\">{Encode(error)}</p>" : "";

    private static string Address(string handset, string? sender) => Encode(
        $"/phone?number={Uri.EscapeDataString(handset)}" + (sender is null ? "" : $"&with={Uri.EscapeDataString(sender)}"));

    private static string Iso(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Clock(DateTimeOffset instant) => instant.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
