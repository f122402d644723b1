using System.Diagnostics;
using FollowUp.Core.Replies;
using FsCheck;
using FsCheck.Fluent;

namespace FollowUp.Core.Tests.Replies;

public sealed class ReplyReaderTests
{
    [Theory]
    [InlineData("C", ReplyKind.Confirm)]
    [InlineData("c.", ReplyKind.Confirm)]
    [InlineData("(C)", ReplyKind.Confirm)]
    [InlineData("Confirm", ReplyKind.Confirm)]
    [InlineData("I'll be there!", ReplyKind.Confirm)]
    [InlineData("ok, see you tomorrow", ReplyKind.Confirm)]
    [InlineData("Confirmo, gracias", ReplyKind.Confirm)]
    [InlineData("r", ReplyKind.Reschedule)]
    [InlineData("Can I reschedule?", ReplyKind.Reschedule)]
    [InlineData("I can't make it tomorrow", ReplyKind.Reschedule)]
    [InlineData("do you have another time", ReplyKind.Reschedule)]
    [InlineData("no puedo ir", ReplyKind.Reschedule)]
    [InlineData("necesito cambiar la cita", ReplyKind.Reschedule)]
    [InlineData("X", ReplyKind.Cancel)]
    [InlineData("please cancel my appointment", ReplyKind.Cancel)]
    [InlineData("cancelar mi cita por favor", ReplyKind.Cancel)]
    [InlineData("can I cancel my appointment?", ReplyKind.Reschedule)]
    [InlineData("cancel my appointment. Or do you have another time", ReplyKind.Reschedule)]
    [InlineData("don't cancel my appointment", ReplyKind.Other)]
    [InlineData("no cancelen mi cita", ReplyKind.Other)]
    [InlineData("where are you?", ReplyKind.Other)]
    [InlineData("4", ReplyKind.Other)]
    public void After_a_reminder_a_text_confirms_moves_or_calls_off(string text, ReplyKind kind) =>
        Assert.Equal(kind, ReplyReader.Read(text, AskedFor.Appointment).Kind);

    [Theory]
    [InlineData("C")]
    [InlineData("X")]
    [InlineData("please cancel my appointment")]
    public void Where_nothing_was_asked_a_letter_is_no_answer(string text) =>
        Assert.Equal(ReplyKind.Other, ReplyReader.Read(text, AskedFor.Nothing).Kind);

    [Theory]
    [InlineData("4", 4)]
    [InlineData("5!", 5)]
    [InlineData("4/5", 4)]
    [InlineData("3 out of 5", 3)]
    [InlineData("five", 5)]
    [InlineData("Cinco, gracias", 5)]
    [InlineData("1", 1)]
    [InlineData("10", null)]
    [InlineData("3 or 4", null)]
    [InlineData("0", null)]
    [InlineData("6", null)]
    [InlineData("my 2 cents", null)]
    public void After_a_check_in_one_number_from_1_to_5_is_a_rating(string text, int? rating) =>
        Assert.Equal(rating, ReplyReader.Read(text, AskedFor.Rating).Rating);

    [Theory]
    [InlineData("yes")]
    [InlineData("YES")]
    [InlineData(" Yes ")]
    public void Twilios_YES_is_an_answer_to_a_reminder_unless_there_is_an_opt_out(string text)
    {
        var reading = ReplyReader.Read(text, AskedFor.Appointment);
        Assert.Equal((ReplyKind.OptIn, true), (reading.Kind, reading.AnsweredByTwilio));
        Assert.Equal((ReplyKind.Confirm, false), (reading.UnlessOptedOut!.Kind, reading.UnlessOptedOut.AnsweredByTwilio));
        Assert.Equal(ReplyKind.Other, ReplyReader.Read(text, AskedFor.Nothing).UnlessOptedOut!.Kind);
        Assert.Null(ReplyReader.Read("START", AskedFor.Appointment).UnlessOptedOut);
    }

    [Theory]
    [InlineData("Yes!")]
    [InlineData("yes I will")]
    [InlineData("yep")]
    [InlineData("Sí")]
    [InlineData("sí, ahí estaré")]
    public void A_yes_in_other_words_confirms_where_a_text_asked(string text)
    {
        Assert.Equal(ReplyKind.Confirm, ReplyReader.Read(text, AskedFor.Appointment).Kind);
        Assert.Equal(ReplyKind.Other, ReplyReader.Read("Yes!", AskedFor.Visit).Kind);
    }

    [Theory]
    [InlineData("C", ReplyKind.Other)]
    [InlineData("X", ReplyKind.Other)]
    [InlineData("can I reschedule?", ReplyKind.Reschedule)]
    [InlineData("please cancel my appointment", ReplyKind.Cancel)]
    [InlineData("I'll be there", ReplyKind.Confirm)]
    public void After_a_text_that_asked_nothing_about_the_visit_words_count_and_letters_do_not(string text, ReplyKind kind) =>
        Assert.Equal(kind, ReplyReader.Read(text, AskedFor.Visit).Kind);

    [Theory]
    [InlineData("START", ReplyKind.OptIn, true)]
    [InlineData("yes", ReplyKind.OptIn, true)]
    [InlineData("start again please", ReplyKind.OptIn, false)]
    [InlineData("quiero recibir mensajes", ReplyKind.OptIn, false)]
    [InlineData("HELP", ReplyKind.Help, true)]
    [InlineData("ayuda", ReplyKind.Help, false)]
    [InlineData(" stop ", ReplyKind.OptOut, true)]
    [InlineData("stop.", ReplyKind.OptOut, false)]
    [InlineData("stop... no wait, start", ReplyKind.OptOut, false)]
    [InlineData("can we start at 9 instead", ReplyKind.Other, false)]
    public void Twilios_own_words_are_told_from_those_that_only_we_answer(string text, ReplyKind kind, bool answered)
    {
        var reading = ReplyReader.Read(text, AskedFor.Nothing);
        Assert.Equal(kind, reading.Kind);
        Assert.Equal(answered, reading.AnsweredByTwilio);
    }

    [Fact]
    public void A_stop_with_a_symptom_is_both()
    {
        var reading = ReplyReader.Read("stop texting me, I have pus", AskedFor.Nothing);
        Assert.Equal(ReplyKind.OptOut, reading.Kind);
        Assert.True(reading.RedFlag);
    }

    [Fact]
    public void No_text_makes_the_reader_fail() =>
        Prop.ForAll<string?>(text => ReplyReader.Read(text ?? "", AskedFor.Appointment) is not null).QuickCheckThrowOnFailure();

    [Fact]
    public void The_longest_text_is_read_in_an_instant()
    {
        var longest = string.Concat(Enumerable.Repeat("stop no more of these the your ", 60))[..1600];
        ReplyReader.Read(longest, AskedFor.Appointment);
        var reading = Stopwatch.StartNew();
        ReplyReader.Read(longest, AskedFor.Appointment);

        // A bound against catastrophes alone: a pattern whose time explodes would take minutes.
        Assert.True(reading.Elapsed < TimeSpan.FromSeconds(5), $"{reading.Elapsed}");
    }
}
