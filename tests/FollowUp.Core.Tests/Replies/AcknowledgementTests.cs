using FollowUp.Core.Replies;

namespace FollowUp.Core.Tests.Replies;

public sealed class AcknowledgementTests
{
    [Theory]
    [InlineData("OK")]
    [InlineData("ok, thank you!")]
    [InlineData("Okay got it")]
    [InlineData("I have it.")]
    [InlineData("I've got this")]
    [InlineData("have it")]
    [InlineData("yes")]
    [InlineData("Yep, on it")]
    [InlineData("K")]
    [InlineData("will do")]
    [InlineData("calling her now")]
    [InlineData("Vale, gracias")]
    [InlineData("Sí")]
    [InlineData("entendido")]
    [InlineData("Ya la llamo")]
    [InlineData("\U0001F44D")]
    [InlineData("\u2705")]
    public void Words_that_say_somebody_has_it(string text) => Assert.True(Acknowledgement.IsOne(text));

    [Theory]
    [InlineData("")]
    [InlineData("I'm driving")]
    [InlineData("I'm driving with Do Not Disturb While Driving turned on. I'll see your message when I get where I'm going.")]
    [InlineData("(I'm not receiving notifications. If this is urgent, reply \"urgent\" to send a notification through with your original message.)")]
    [InlineData("Sorry, I can't talk right now.")]
    [InlineData("OK Google")]
    [InlineData("Thanks for your message, we will get back to you")]
    [InlineData("Thanks")]
    [InlineData("ok?")]
    [InlineData("not ok")]
    [InlineData("OK who is this")]
    [InlineData("wrong number")]
    [InlineData("no")]
    [InlineData("it")]
    [InlineData("\U0001F44E")]
    [InlineData("Liked \u201CGlow: URGENT. A text may be about a symptom.\u201D")]
    public void Anything_else_and_above_all_an_automatic_reply_does_not(string text) => Assert.False(Acknowledgement.IsOne(text));
}
