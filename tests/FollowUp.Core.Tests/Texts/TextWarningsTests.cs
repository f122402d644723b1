using FollowUp.Core.Texts;

namespace FollowUp.Tests.Texts;

public class TextWarningsTests
{
    [Theory]
    [InlineData("Hi Ada, see you at 10:00.")]
    [InlineData("¿Qué tal? Ñandú no, pero à è ì ò ù é ñ ü ¡sí no!", false)]
    [InlineData("Call us any time. Reply STOP to opt out.")]
    [InlineData("Llama cuando quieras. Responde STOP para darte de baja.")]
    public void A_plain_text_has_no_warnings(string text, bool plain = true) =>
        Assert.Equal(plain, TextWarnings.Of(text).Count == 0);

    [Theory]
    [InlineData("Don’t pick.", "'’' (U+2019) is outside the plain SMS alphabet: write ' instead.")]
    [InlineData("A “gentle one.", "'“' (U+201C) is outside the plain SMS alphabet: write \" instead.")]
    [InlineData("Come early – please.", "'–' (U+2013) is outside the plain SMS alphabet: write - instead.")]
    [InlineData("And so on…", "'…' (U+2026) is outside the plain SMS alphabet: write ... instead.")]
    [InlineData("Sábado", "'á' (U+00E1) is outside the plain SMS alphabet: write a instead.")]
    [InlineData("10\u00a0AM", "The invisible character U+00A0 is outside the plain SMS alphabet: write an ordinary space.")]
    [InlineData("zero\u200bwidth", "The invisible character U+200B is outside the plain SMS alphabet: leave it out.")]
    [InlineData("漢", "'漢' (U+6F22) is outside the plain SMS alphabet: choose a word without it.")]
    [InlineData("Great ❤️", "Emoji (❤) are outside the plain SMS alphabet: leave them out.")]
    [InlineData("Well done 👏🏽 👩‍⚕️", "Emoji (👏🏽👩⚕) are outside the plain SMS alphabet: leave them out.")]
    public void A_character_that_costs_is_named_with_what_to_write_instead(string text, string warning) =>
        Assert.Equal([warning], TextWarnings.Of(text));

    [Fact]
    public void What_plain_characters_would_save_is_said()
    {
        string text = "Don’t worry about a thing".Replace("worry", "think", StringComparison.Ordinal) + new string('x', 100);

        Assert.Equal(2, Segments.Count(text).Segments);
        Assert.Contains("In plain characters the text would take 1 segment instead of 2.", TextWarnings.Of(text));
    }

    [Theory]
    [InlineData("‘’‚‛ʼ“”„‟«»–—―−•·…™©®½×\u00a0\u2009\u200b\ufeffáâãçêëíîóôõúûŁœ")]
    public void Every_replacement_is_itself_plain(string text)
    {
        string plain = PlainCharacters.Replace(text);

        Assert.True(Segments.IsGsm(plain), plain);
        Assert.NotEmpty(plain);
    }

    [Theory]
    [InlineData(320, null)]
    [InlineData(321, "The text has 321 characters; at most 320 are advised: shorten it by 1.")]
    [InlineData(1600, "The text has 1600 characters; at most 320 are advised: shorten it by 1280.")]
    [InlineData(1601, "The text has 1601 characters and Twilio refuses more than 1,600: shorten it by at least 1.")]
    public void A_long_text_says_by_how_much_to_shorten_it(int length, string? warning) =>
        Assert.Equal(warning, TextWarnings.Of(new string('a', length)).SingleOrDefault());

    [Theory]
    [InlineData("All well? Reply YES.", "YES")]
    [InlineData("To change it text cancel or call us.", "cancel")]
    [InlineData("Responde HELP. Reply STOP to opt out.", "HELP")]
    [InlineData("Send STOP when it hurts.", "STOP")]
    public void An_answer_that_Twilio_keeps_is_not_invited(string text, string word) =>
        Assert.Equal([$"The text seems to invite the answer '{word}', which Twilio keeps to itself: ask the patient to call instead."], TextWarnings.Of(text));

    [Theory]
    [InlineData("Your microneedling visit is tomorrow.", "microneedling")]
    [InlineData("After your peel, no sun.", "your peel")]
    [InlineData("Sesion de l\u00e1ser", "l\u00e1ser")]
    [InlineData("Your Botox review", "Botox")]
    [InlineData("your acne plan", "acne")]
    public void A_treatment_that_is_named_is_a_matter_of_privacy(string text, string name) =>
        Assert.Contains($"The text names the treatment ('{name}'), and others read a phone too: leave the name out.", TextWarnings.Of(text));

    [Theory]
    [InlineData("Light peeling can show; your skin may peel.")]
    [InlineData("regular check-ups or small treatments help")]
    [InlineData("Don't scare the cat.")]
    public void Words_that_only_resemble_a_treatment_pass(string text) => Assert.Empty(TextWarnings.Of(text));

    [Fact]
    public void What_only_a_clinician_may_say_is_a_warning_too() =>
        Assert.Equal(["'that's normal' says that all is well, unseen. Say what is expected, for how long, and when to call."], TextWarnings.Of("Redness? Oh, that's normal."));
}
