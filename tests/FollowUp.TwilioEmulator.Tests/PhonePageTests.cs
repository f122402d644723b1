using System.Net;
using FollowUp.TwilioEmulator.Tests.Support;

namespace FollowUp.TwilioEmulator.Tests;

public class PhonePageTests
{
    [Fact]
    public async Task An_empty_emulator_says_that_there_are_no_texts_yet()
    {
        await using var emulator = await Emulator.StartAsync();

        var page = await emulator.GetAsync("/phone");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("No texts yet.", page.Text);
    }

    [Fact]
    public async Task The_phones_are_listed_the_one_with_the_newest_text_first()
    {
        await using var emulator = await Emulator.StartAsync();
        await emulator.CreateAsync(("To", "+14155550177"), ("Body", "Hello Grace"));
        await emulator.CreateAsync(("Body", "Hello Ada"));

        var page = (await emulator.GetAsync("/phone")).Text;

        Assert.True(page.IndexOf("Hello Ada", StringComparison.Ordinal) < page.IndexOf("Hello Grace", StringComparison.Ordinal));
        Assert.Contains("""<a href="/phone?number=%2B14155550177">""", page);
    }

    [Fact]
    public async Task A_thread_shows_both_directions_with_times_and_what_became_of_each_text()
    {
        await using var emulator = await Emulator.StartAsync();
        await emulator.CreateAsync(("Body", "See you at 10"));
        await emulator.IdleAsync();
        await emulator.SetFaultsAsync("""[{"kind":"undelivered","code":30003}]""");
        await emulator.CreateAsync(("Body", "Aftercare"));
        await emulator.TextAsync("Thank you");
        await emulator.IdleAsync();

        var page = (await emulator.GetAsync("/phone?number=%2B14155550123")).Text;

        Assert.Contains("Tuesday, 1 December 2026", page);
        Assert.Contains("<li class=\"text theirs\">\n<p>See you at 10</p>", page);
        Assert.Contains("10:00</time> <span class=\"ticks\"><span aria-hidden=\"true\">✓✓</span> Delivered", page);
        Assert.Contains("<li class=\"text theirs lost\">\n<p>Aftercare</p>", page);
        Assert.Contains("Not delivered: 30003 Unreachable destination handset", page);
        Assert.Contains("<li class=\"text mine\">\n<p>Thank you</p>", page);
    }

    [Fact]
    public async Task Texts_cannot_put_markup_into_the_page()
    {
        await using var emulator = await Emulator.StartAsync();
        await emulator.CreateAsync(("Body", "<script>alert(1)</script>\"'&"));
        await emulator.TextAsync("<img src=x onerror=alert(2)>");

        var list = await emulator.GetAsync("/phone");
        var thread = await emulator.GetAsync("/phone?number=%2B14155550123&with=%3Cb%3E");

        Assert.All([list, thread], page =>
        {
            Assert.DoesNotContain("<script>alert", page.Text);
            Assert.DoesNotContain("<img", page.Text);
            Assert.DoesNotContain("<b>", page.Text);
            Assert.Contains("script-src 'nonce-", page.Headers.GetValues("Content-Security-Policy").Single());
        });
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;", thread.Text);
    }

    [Fact]
    public async Task An_answer_typed_on_the_phone_reaches_the_application_without_a_script()
    {
        await using var application = await Application.StartAsync();
        await using var emulator = await Emulator.StartAsync(application.Url);

        var posted = await PostAsync(emulator, "Two\r\nlines");
        await emulator.IdleAsync();

        Assert.Equal(HttpStatusCode.SeeOther, posted.Status);
        Assert.Equal("/phone?number=%2B14155550123&with=%2B15005550006", posted.Headers.Location?.ToString());
        Assert.Equal("Two\nlines", Assert.Single(application.Arrivals)["Body"]);
        Assert.Contains("<p>Two&#xA;lines</p>", (await emulator.GetAsync(posted.Headers.Location!.ToString())).Text);
    }

    [Fact]
    public async Task An_empty_answer_is_refused_with_the_reason_on_the_page()
    {
        await using var emulator = await Emulator.StartAsync();

        var refused = await PostAsync(emulator, " ");

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("role=\"alert\"", refused.Text);
    }

    [Fact]
    public async Task A_phone_that_has_opted_out_says_so()
    {
        await using var emulator = await Emulator.StartAsync();
        await emulator.TextAsync("stop");

        Assert.Contains("This phone has opted out", (await emulator.GetAsync("/phone?number=%2B14155550123")).Text);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Origin", null)]
    public async Task The_pages_own_form_is_taken_as_browsers_send_it(string header, string? value)
    {
        await using var emulator = await Emulator.StartAsync();
        emulator.Http.DefaultRequestHeaders.Add(header, value ?? emulator.Url);

        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(emulator, "Hello")).Status);
        // With no-referrer a browser would send its own form with the origin "null".
        Assert.Equal("same-origin", (await emulator.GetAsync("/phone")).Headers.GetValues("Referrer-Policy").Single());
    }

    [Theory]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://elsewhere.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task Another_site_cannot_answer_for_the_patient(string header, string value)
    {
        await using var emulator = await Emulator.StartAsync();
        emulator.Http.DefaultRequestHeaders.Add(header, value);

        var answer = await PostAsync(emulator, "STOP");
        var control = await emulator.TextAsync("STOP");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (answer.Status, control.Status));
        Assert.Empty(await emulator.BodiesAsync());
    }

    [Theory]
    [InlineData("/phone")]
    [InlineData("/twilio/emulator/faults")]
    public async Task A_name_that_is_not_this_machines_is_refused(string path)
    {
        await using var emulator = await Emulator.StartAsync();
        emulator.Http.DefaultRequestHeaders.Host = "rebound.example";

        Assert.Equal(HttpStatusCode.Forbidden, (await emulator.GetAsync(path)).Status);
    }

    private static Task<Reply> PostAsync(Emulator emulator, string body) => emulator.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/phone")
    {
        Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["number"] = Emulator.Patient,
            ["with"] = Emulator.Clinic,
            ["body"] = body,
        }),
    });
}
