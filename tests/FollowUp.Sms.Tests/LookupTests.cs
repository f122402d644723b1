using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.Sms.Tests;

/// <summary>Asking Twilio's list whether a text is in it.</summary>
public sealed class LookupTests
{
    private const string Created = "Sun, 22 Nov 2026 10:00:00 +0000";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset s_created = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_text_is_found_by_its_recipient_and_its_very_body()
    {
        await using StandInTwilio twilio = await StandInTwilio.AnsweringAsync(200, Page(
            null,
            StandInTwilio.Message("SM5", Some.Phone, "Hello Ada", "delivered"),
            StandInTwilio.Message("SM4", Some.Phone, "hello ada"),
            StandInTwilio.Message("SM3", Some.Phone, "Hello Ada "),
            StandInTwilio.Message("SM2", "+15550199", "Hello Ada"),
            StandInTwilio.Message("SM1", Some.Phone, "Hello Ada", "failed")));
        await using ServiceProvider services = Some.Services(twilio.Address);

        IReadOnlyList<SentSms> found = await services.Gateway().FindAsync(Some.Phone, "Hello Ada", null, Cancellation);

        Assert.Equal(
            [
                new SentSms("SM5", Some.Phone, "Hello Ada", "delivered", s_created),
                new SentSms("SM1", Some.Phone, "Hello Ada", "failed", s_created),
            ],
            found);
        StandInTwilio.Asked asked = Assert.Single(twilio.Requests);
        Assert.Equal("GET", asked.Method);
        Assert.StartsWith($"/2010-04-01/Accounts/{Some.AccountSid}/Messages.json?", asked.Target, StringComparison.Ordinal);
        Assert.Equal(Some.Phone, QueryHelpers.ParseQuery(asked.Target.Split('?')[1])["To"]);
    }

    [Fact]
    public async Task Replies_that_cannot_be_read_to_the_last_page_are_not_given_in_part()
    {
        await using StandInTwilio twilio = await StandInTwilio.StartAsync(context => context.Request.Query.ContainsKey("Page")
            ? StandInTwilio.Json(context, 500, "{}")
            : StandInTwilio.Json(context, 200, Page($"/2010-04-01/Accounts/{Some.AccountSid}/Messages.json?PageSize=1000&Page=1&PageToken=PASM", StandInTwilio.Message("SM1", Some.Phone, "Hello"))));
        await using ServiceProvider services = Some.Services(twilio.Address);

        await Assert.ThrowsAsync<SmsLookupException>(() => services.Gateway().ReceivedAsync(new DateTimeOffset(2026, 11, 24, 18, 0, 0, TimeSpan.Zero), Cancellation));
        Assert.Contains("DateSent%3E=2026-11-24T17%3A00%3A00Z", twilio.Requests.First().Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Letters_that_only_look_alike_are_another_text()
    {
        await using StandInTwilio twilio = await StandInTwilio.AnsweringAsync(200, Page(
            null, StandInTwilio.Message("SM1", Some.Phone, "Gru\u0308\u00dfe"), StandInTwilio.Message("SM2", Some.Phone, "Gr\u00fc\u00dfe")));
        await using ServiceProvider services = Some.Services(twilio.Address);

        Assert.Equal("SM2", Assert.Single(await services.Gateway().FindAsync(Some.Phone, "Gr\u00fc\u00dfe", null, Cancellation)).Sid);
    }

    [Fact]
    public async Task A_text_of_a_trial_account_is_found_under_the_words_that_Twilio_put_before_it()
    {
        await using StandInTwilio twilio = await StandInTwilio.AnsweringAsync(200, Page(
            null, StandInTwilio.Message("SM1", Some.Phone, "Sent from your Twilio trial account - Hello Ada")));
        await using ServiceProvider services = Some.Services(twilio.Address);

        Assert.Equal("SM1", Assert.Single(await services.Gateway().FindAsync(Some.Phone, "Hello Ada", null, Cancellation)).Sid);
    }

    [Fact]
    public async Task Every_page_is_read_below_the_base_addresss_path()
    {
        await using StandInTwilio twilio = await StandInTwilio.StartAsync(context =>
        {
            int page = int.Parse(context.Request.Query["Page"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture);
            string? next = page < 3 ? $"/2010-04-01/Accounts/{Some.AccountSid}/Messages.json?To=%2B14155550123&PageSize=1000&Page={page + 1}&PageToken=PASM" : null;
            return StandInTwilio.Json(context, 200, Page(
                next, StandInTwilio.Message($"SM{page}", Some.Phone, "Hello"), StandInTwilio.Message($"SMx{page}", Some.Phone, "Other")));
        });
        await using ServiceProvider services = Some.Services(new Uri(twilio.Address, "/twilio/"));

        IReadOnlyList<SentSms> found = await services.Gateway().FindAsync(Some.Phone, "Hello", null, Cancellation);

        Assert.Equal(["SM0", "SM1", "SM2", "SM3"], found.Select(sms => sms.Sid));
        Assert.All(twilio.Requests, asked => Assert.StartsWith("/twilio/2010-04-01/Accounts/", asked.Target, StringComparison.Ordinal));
        Assert.All(twilio.Requests, asked => Assert.StartsWith("Basic ", asked.Authorization, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_without_end_is_given_up_and_not_taken_for_read()
    {
        await using StandInTwilio twilio = await StandInTwilio.StartAsync(
            context => StandInTwilio.Json(context, 200, Page("/2010-04-01/more.json?PageToken=PA", StandInTwilio.Message("SM1", Some.Phone, "Hello"))));
        await using ServiceProvider services = Some.Services(twilio.Address);

        SmsLookupException failure = await Assert.ThrowsAsync<SmsLookupException>(
            () => services.Gateway().FindAsync(Some.Phone, "Hello", null, Cancellation));

        Assert.Equal("Twilio's list is longer than 20 pages.", failure.Message);
        Assert.Equal(20, twilio.Requests.Count);
    }

    [Theory]
    [InlineData(-120, true)]
    [InlineData(0, true)]
    [InlineData(59, true)]
    [InlineData(61, false)]
    public async Task Only_texts_since_an_instant_are_found_give_or_take_a_minute(int sinceSeconds, bool found)
    {
        await using StandInTwilio twilio = await ListAtAsync("Sun, 22 Nov 2026 10:05:00 GMT");
        await using ServiceProvider services = Some.Services(twilio.Address, new StandingClock(s_created.AddMinutes(5)), null);

        Assert.Equal(found ? 1 : 0, (await services.Gateway().FindAsync(Some.Phone, "Hello", s_created.AddSeconds(sinceSeconds), Cancellation)).Count);
    }

    [Fact]
    public async Task A_machine_whose_clock_is_ahead_of_Twilios_still_finds_what_it_sent()
    {
        // Twilio says 10:01 where this machine says 13:01; the text was sent at 13:00 by this machine, 10:00 by Twilio.
        await using StandInTwilio twilio = await ListAtAsync("Sun, 22 Nov 2026 10:01:00 GMT");
        await using ServiceProvider services = Some.Services(twilio.Address, new StandingClock(s_created.AddMinutes(181)), null);

        Assert.Single(await services.Gateway().FindAsync(Some.Phone, "Hello", s_created.AddMinutes(180), Cancellation));
    }

    [Theory]
    [InlineData(500, """{"code":20500,"message":"Internal Server Error"}""", "Internal Server Error")]
    [InlineData(429, """{"code":20429,"message":"Too Many Requests"}""", "Too Many Requests")]
    [InlineData(502, "<html>", "HTTP 502, and not in Twilio's form.")]
    [InlineData(200, "<html>", null)]
    [InlineData(200, "{}", null)]
    [InlineData(200, "", null)]
    public async Task A_list_that_cannot_be_read_is_not_an_empty_list(int status, string body, string? message)
    {
        await using StandInTwilio twilio = await StandInTwilio.AnsweringAsync(status, body);
        await using ServiceProvider services = Some.Services(twilio.Address);

        SmsLookupException failure = await Assert.ThrowsAsync<SmsLookupException>(
            () => services.Gateway().FindAsync(Some.Phone, "Hello", null, Cancellation));
        if (message is not null)
        {
            Assert.Equal(message, failure.Message);
        }
    }

    [Theory]
    [InlineData(500, """{"code":20500,"message":"Failed for +14155550123"}""", "Failed for •••")]
    [InlineData(502, "<html>", "HTTP 502, and not in Twilio's form.")]
    [InlineData(0, "", "The connection was lost before Twilio's answer was complete.")]
    public async Task A_later_page_that_fails_fails_the_lookup_and_names_no_number(int status, string body, string message)
    {
        await using StandInTwilio twilio = await StandInTwilio.StartAsync(async context =>
        {
            if (!context.Request.Query.ContainsKey("Page"))
            {
                await StandInTwilio.Json(
                    context, 200, Page("/2010-04-01/x.json?To=%2B14155550123&Page=1", StandInTwilio.Message("SM1", Some.Phone, "Hello")));
            }
            else if (status == 0)
            {
                context.Abort();
            }
            else
            {
                await StandInTwilio.Json(context, status, body);
            }
        });
        await using ServiceProvider services = Some.Services(twilio.Address);

        SmsLookupException failure = await Assert.ThrowsAsync<SmsLookupException>(
            () => services.Gateway().FindAsync(Some.Phone, "Hello", null, Cancellation));

        Assert.Equal(message, failure.Message);
        Assert.DoesNotContain(Some.Phone[1..], failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lookup_without_an_answer_fails_and_names_no_number()
    {
        await using StandInTwilio silent = await StandInTwilio.SilentAsync();
        await using ServiceProvider slow = Some.Services(silent.Address, ("Twilio:Timeout", "00:00:00.150"));
        await using ServiceProvider nobody = Some.Services(new Uri($"http://127.0.0.1:{ConnectionTests.ClosedPort()}"));

        SmsLookupException timedOut = await Assert.ThrowsAsync<SmsLookupException>(() => slow.Gateway().FindAsync(Some.Phone, "Hi", null, Cancellation));
        SmsLookupException refused = await Assert.ThrowsAsync<SmsLookupException>(() => nobody.Gateway().FindAsync(Some.Phone, "Hi", null, Cancellation));

        Assert.Equal("Twilio did not answer within 0.15 s.", timedOut.Message);
        Assert.DoesNotContain(Some.Phone[1..], timedOut.ToString() + refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_cancelled_lookup_says_so(int page)
    {
        using var stop = new CancellationTokenSource();
        int asked = 0;
        await using StandInTwilio twilio = await StandInTwilio.StartAsync(async context =>
        {
            if (++asked < page)
            {
                await StandInTwilio.Json(context, 200, Page("/2010-04-01/x.json?To=%2B14155550123&Page=1"));
                return;
            }

            await stop.CancelAsync();
            await StandInTwilio.SilenceAsync(context);
        });
        await using ServiceProvider services = Some.Services(twilio.Address);

        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => services.Gateway().FindAsync(Some.Phone, "Hi", null, stop.Token));
        Assert.DoesNotContain(Some.Phone[1..], cancelled.ToString(), StringComparison.Ordinal);
    }

    private static Task<StandInTwilio> ListAtAsync(string date) => StandInTwilio.StartAsync(context =>
    {
        context.Response.Headers.Date = date;
        return StandInTwilio.Json(context, 200, Page(null, StandInTwilio.Message("SM1", Some.Phone, "Hello", created: Created)));
    });

    private static string Page(string? next, params string[] messages) =>
        $$"""
        {"messages":[{{string.Join(',', messages)}}],"page":0,"page_size":1000,"uri":"/2010-04-01/Messages.json",
         "first_page_uri":"/2010-04-01/Messages.json","next_page_uri":{{(next is null ? "null" : $"\"{next}\"")}}}
        """;
}
