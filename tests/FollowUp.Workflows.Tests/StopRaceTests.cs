using System.Globalization;
using System.Security.Cryptography;
using FollowUp.Data;
using FollowUp.Data.Delivery;
using FollowUp.Data.Ledger;
using FollowUp.Data.Planning;
using FollowUp.Sms;
using FollowUp.Testing;
using FollowUp.Workflows.Sending;
using NodaTime;

namespace FollowUp.Workflows.Tests;

/// <summary>
/// A STOP at every moment of a send, 1,000 times: the real store and the real sender; Twilio is played. <c>FOLLOWUP_SEED</c> repeats the moments
/// of an earlier run.
/// </summary>
public sealed class StopRaceTests(ITestOutputHelper output)
{
    private const int Interleavings = 1000;
    private const string BeforeOptOut = "it was with Twilio already when the patient opted out";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_stop_that_comes_before_the_call_keeps_the_text_back_and_one_that_comes_later_stands_in_the_ledger()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FOLLOWUP_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"FOLLOWUP_SEED={seed}");
        var random = new Random(seed);
        await using var clinic = await ClinicUnderTest.OpenAsync(twilioTimeout: "00:00:30");
        for (var index = 0; index < Interleavings; index++)
        {
            var moment = (Moment)random.Next(Enum.GetValues<Moment>().Length);
            var concurrent = random.Next(2) == 0;
            var race = new Race(clinic, index, moment, concurrent ? random.Next(3) : 0);
            await race.RunAsync();
            Assert.True(await race.IsRightAsync(), $"{index}: STOP {moment} (concurrent: {concurrent}): {await race.TellAsync()}. FOLLOWUP_SEED={seed}");
        }
    }

    private enum Moment
    {
        BeforeTheClaim,
        AfterTheClaim,

        /// <summary>It has arrived, and waits for its turn in the store while the last look goes on.</summary>
        UnderWayAtTheLastLook,
        AfterTheLastLook,
        WhileTwilioHasNotTakenIt,
        WhileTwilioHasIt,
        BeforeTheRecord,
        AfterTheRecord,
    }

    /// <summary>One patient, one text that is due, one STOP.</summary>
    private sealed class Race(ClinicUnderTest clinic, int index, Moment moment, int yields)
    {
        private readonly SessionKey _session = new("glow", $"s-{index}");
        private readonly string _phone = $"+1415555{1000 + index}";
        private bool _callBegan;
        private bool _stoppedBeforeTheCall;
        private Task _underWay = Task.CompletedTask;
        private IDisposable? _writer;

        public async Task RunAsync()
        {
            await clinic.Sessions.BookAsync(
                Some.Booking with
                {
                    Key = _session,
                    Patient = Some.Patient with { Id = $"p-{index}", Phone = _phone },
                    StartsAt = Some.BookingTime + Duration.FromDays(6),
                },
                "test",
                None);
            clinic.Twilio.Next(CallAsync);

            // The clock stands still, so the sender's pace would keep all but the first waiting.
            clinic.ResetPace();
            await StopIfAsync(Moment.BeforeTheClaim);
            var text = new Hooked(clinic.Get<LedgerStore>().Step(_session, "prep-7d"), this);
            await clinic.Get<TextSender>().SendAsync(text, clinic.Client, None);
            await StopIfAsync(Moment.AfterTheRecord);
        }

        /// <summary>Not sent, or sent and on record. Had the STOP come before the call, not sent.</summary>
        public async Task<bool> IsRightAsync()
        {
            var step = await clinic.StepAsync("prep-7d", _session);
            var view = await clinic.ViewAsync(_session);
            var sent = clinic.Twilio.Messages.Count(message => message.Sms.To == _phone);
            clinic.Twilio.Clear();
            return view.State == SessionState.OptedOut
                && (_stoppedBeforeTheCall ? sent == 0 && !_callBegan && step.State == StepState.Skipped : sent == 1 && step.State == StepState.Sent && step.Reason == (Told() ? BeforeOptOut : null))
                && !view.Timeline.Any(row => row.State is StepState.Planned or StepState.Sending or StepState.Unknown);
        }

        /// <summary>Whether the record was written when the STOP was known.</summary>
        private bool Told() => moment is Moment.WhileTwilioHasNotTakenIt or Moment.WhileTwilioHasIt or Moment.BeforeTheRecord;

        public async Task<string> TellAsync() => $"call began: {_callBegan}, step: {(await clinic.StepAsync("prep-7d", _session)).State}";

        private async Task<SendOutcome> CallAsync(OutgoingSms message)
        {
            _callBegan = true;
            await StopIfAsync(Moment.WhileTwilioHasNotTakenIt);
            var taken = clinic.Twilio.Take(message);
            await StopIfAsync(Moment.WhileTwilioHasIt);
            return new SendOutcome.Accepted(taken.Sid, "queued", taken.At);
        }

        /// <summary>Another writes, so that the STOP is still in the queue when the sender looks.</summary>
        private void BeginToStop()
        {
            if (moment == Moment.UnderWayAtTheLastLook)
            {
                _stoppedBeforeTheCall = true;
                var before = clinic.Get<IncomingTexts>().CountOf(_phone);
                _writer = clinic.BlockWriters();
                _underWay = Task.Run(() => clinic.ReceiveAsync("STOP", from: _phone, sid: $"SM-stop-{index}"), None);
                SpinWait.SpinUntil(() => clinic.Get<IncomingTexts>().CountOf(_phone) > before);
            }
        }

        /// <summary>It gets its turn.</summary>
        private Task LetItBeTakenInAsync()
        {
            _writer?.Dispose();
            return _underWay;
        }

        private async Task StopIfAsync(Moment now)
        {
            if (moment != now)
            {
                return;
            }

            _stoppedBeforeTheCall = !_callBegan;
            for (var turn = 0; turn < yields; turn++)
            {
                await Task.Yield();
            }

            await clinic.ReceiveAsync("STOP", from: _phone, sid: $"SM-stop-{index}");
        }

        /// <summary>The step, with a STOP put between the sender's acts.</summary>
        private sealed class Hooked(IOutgoingText inner, Race race) : IOutgoingText
        {
            public SendReference Reference(int attempt) => inner.Reference(attempt);

            public async Task<Claim> ClaimAsync(Duration grace, CancellationToken cancellation)
            {
                var claim = await inner.ClaimAsync(grace, cancellation);
                await race.StopIfAsync(Moment.AfterTheClaim);
                race.BeginToStop();
                return claim;
            }

            public async Task<bool> MaySendAsync(int attempt, CancellationToken cancellation)
            {
                var may = await inner.MaySendAsync(attempt, cancellation);
                await race.StopIfAsync(Moment.AfterTheLastLook);
                return may;
            }

            public async Task<NextAction> RecordAsync(int attempt, SendRecord record, CancellationToken cancellation)
            {
                await race.StopIfAsync(Moment.BeforeTheRecord);
                await race.LetItBeTakenInAsync();
                return await inner.RecordAsync(attempt, record, cancellation);
            }

            public Task<ClaimedText?> FindUnknownAsync(CancellationToken cancellation) => inner.FindUnknownAsync(cancellation);

            public Task<NextAction> PlanAsync(CancellationToken cancellation) => inner.PlanAsync(cancellation);
        }
    }
}
