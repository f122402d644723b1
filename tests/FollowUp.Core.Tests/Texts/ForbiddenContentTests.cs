using FollowUp.Core.CarePlans;
using FollowUp.Core.Texts;

namespace FollowUp.Tests.Texts;

/// <summary>What only somebody who sees the patient may say.</summary>
public class ForbiddenContentTests
{
    [Theory]
    [InlineData("You have an infection, come in.", "reads like a diagnosis", "You have an infection")]
    [InlineData("You may have a mild allergy.", "reads like a diagnosis", "You may have a mild allergy")]
    [InlineData("This is an allergic reaction.", "reads like a diagnosis", "This is an allergic")]
    [InlineData("It looks like dermatitis.", "reads like a diagnosis", "looks like dermatitis")]
    [InlineData("Your skin is infected.", "reads like a diagnosis", "skin is infected")]
    [InlineData("Our diagnosis: mild burn.", "reads like a diagnosis", "diagnosis")]
    [InlineData("Tienes una infección, ven hoy.", "reads like a diagnosis", "Tienes una infección")]
    [InlineData("Parece dermatitis.", "reads like a diagnosis", "Parece dermatitis")]
    [InlineData("Stop taking your pills for a week.", "tells the patient to change a medicine", "Stop taking")]
    [InlineData("Please pause your blood thinners.", "tells the patient to change a medicine", "pause your blood thinners")]
    [InlineData("Take a painkiller tonight.", "tells the patient to change a medicine", "Take a painkiller")]
    [InlineData("Double the dose tonight.", "tells the patient to change a medicine", "Double the dose")]
    [InlineData("Skip your evening medication.", "tells the patient to change a medicine", "Skip your evening medication")]
    [InlineData("Deja de tomar el anticoagulante.", "tells the patient to change a medicine", "Deja de tomar")]
    [InlineData("Suspende tu medicamento.", "tells the patient to change a medicine", "Suspende tu medicamento")]
    [InlineData("For pain use ibuprofen.", "names a medicine", "ibuprofen")]
    [InlineData("Para el dolor, paracetamol.", "names a medicine", "paracetamol")]
    [InlineData("Isotretinoin users: call us.", "names a medicine", "Isotretinoin")]
    [InlineData("Oh, that's normal!", "says that all is well, unseen", "that's normal")]
    [InlineData("Oh, that’s completely normal!", "says that all is well, unseen", "that’s completely normal")]
    [InlineData("Some redness is normal.", "says that all is well, unseen", "is normal")]
    [InlineData("There is nothing to worry about.", "says that all is well, unseen", "nothing to worry")]
    [InlineData("Don't worry, it will pass.", "says that all is well, unseen", "Don't worry")]
    [InlineData("La rojez es normal.", "says that all is well, unseen", "es normal")]
    [InlineData("No te preocupes.", "says that all is well, unseen", "No te preocupes")]
    public void A_wording_is_found_and_named(string text, string fault, string words)
    {
        ForbiddenWording found = Assert.Single(ForbiddenContent.Find(text));

        Assert.Equal((fault, words), (found.Fault, found.Words));
        Assert.EndsWith(".", found.Remedy);
    }

    [Theory]
    [InlineData("Taking medicine, using active creams or prone to cold sores? Ask us before changing anything.")]
    [InlineData("¿Tomas medicamentos, usas cremas activas o tienes herpes labial? Consulta antes de cambiar nada.")]
    [InlineData("Ask us before you change a medicine, and never stop your medicine by yourself.")]
    [InlineData("Do you have an allergy? Call us.")]
    [InlineData("Redness like a mild sunburn is expected and settles within a few days.")]
    [InlineData("Blisters, pus, fever or growing pain: call us today.")]
    [InlineData("Not sure whether it is normal? Call us.")]
    [InlineData("Other plans? That is fine too.")]
    [InlineData("Start with a gentle cleanser; avoid strong sun; take your time.")]
    public void What_a_text_should_say_passes(string text) => Assert.Empty(ForbiddenContent.Find(text));

    [Fact]
    public void One_text_can_have_several_faults() =>
        Assert.Equal(3, ForbiddenContent.Find("You have an infection. Stop taking aspirin.").Count());

    [Fact]
    public void No_text_of_the_catalogue_has_any()
    {
        foreach (CarePlan plan in CarePlanCatalogue.BuiltIn.Plans)
        {
            foreach ((string key, string text) in plan.Texts.Values.SelectMany(texts => texts))
            {
                Assert.True(!ForbiddenContent.Find(text).Any(), $"{plan.Id} {key}: {string.Join(", ", ForbiddenContent.Find(text))}");
            }
        }
    }
}
