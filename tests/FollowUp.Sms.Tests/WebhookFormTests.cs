using Microsoft.Extensions.Primitives;

namespace FollowUp.Sms.Tests;

/// <summary>Reading what Twilio posts.</summary>
public sealed class WebhookFormTests
{
    [Fact]
    public void A_status_report_is_read_and_what_it_does_not_know_is_passed_over()
    {
        var form = Form(
            ("SmsSid", "SM1"), ("MessageSid", "SM1"), ("MessageStatus", "undelivered"), ("SmsStatus", "undelivered"), ("ErrorCode", "30003"),
            ("RawDlrDoneDate", "2611221000"), ("SomethingNew", "x"));

        Assert.Equal(new StatusCallback("SM1", "undelivered", 30003), StatusCallback.Read(form));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("none")]
    public void A_report_without_a_usable_error_code_has_none(string code) =>
        Assert.Equal(new StatusCallback("SM1", "sent", null), StatusCallback.Read(Form(("MessageSid", "SM1"), ("MessageStatus", "Sent"), ("ErrorCode", code))));

    [Fact]
    public void A_report_under_the_older_names_is_read_too() =>
        Assert.Equal(new StatusCallback("SM1", "delivered", null), StatusCallback.Read(Form(("SmsSid", "SM1"), ("SmsStatus", "delivered"))));

    [Fact]
    public void A_form_that_is_no_status_report_is_not_read_as_one()
    {
        Assert.Null(StatusCallback.Read(Form(("MessageSid", "SM1"))));
        Assert.Null(StatusCallback.Read(Form(("MessageSid", " "), ("MessageStatus", "sent"))));
        Assert.Null(StatusCallback.Read(Form()));
    }

    [Fact]
    public void An_incoming_text_is_read_with_its_opt_out()
    {
        var form = Form(("MessageSid", "SM1"), ("From", "+1"), ("To", "+2"), ("Body", " Stop\n"), ("OptOutType", "stop"), ("NumMedia", "0"));

        Assert.Equal(new InboundMessage("SM1", "+1", "+2", " Stop\n", "STOP"), InboundMessage.Read(form));
    }

    [Fact]
    public void A_picture_without_words_is_an_empty_text() =>
        Assert.Equal(
            new InboundMessage("SM1", "+1", "+2", "", null),
            InboundMessage.Read(Form(("MessageSid", "SM1"), ("From", "+1"), ("To", "+2"), ("NumMedia", "1"))));

    [Fact]
    public void A_form_that_is_no_incoming_text_is_not_read_as_one()
    {
        Assert.Null(InboundMessage.Read(Form(("MessageSid", "SM1"), ("From", "+1"), ("Body", "Hi"))));
        Assert.Null(InboundMessage.Read(Form(("From", "+1"), ("To", "+2"), ("Body", "Hi"))));
    }

    [Fact]
    public void Of_a_repeated_field_the_first_value_counts()
    {
        IReadOnlyDictionary<string, string> form = TwilioForm.Read(new Dictionary<string, StringValues> { ["Body"] = new(["a", "b"]), ["None"] = default });

        Assert.Equal("a", form["Body"]);
        Assert.Equal("", form["None"]);
    }

    private static Dictionary<string, string> Form(params (string Key, string Value)[] fields) => fields.ToDictionary(f => f.Key, f => f.Value);
}
