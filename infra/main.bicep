// All of FollowUp on Azure. Scope: subscription, because `azd up` makes the resource group too and `azd down` takes it away as one; whoever may
// only work inside a group deploys everything.bicep into it instead (docs/operations.md).
targetScope = 'subscription'

@description('Name of the environment, such as prod: part of every name, and the resource group\'s.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Region of everything, unless schedulerLocation says otherwise.')
@minLength(1)
@metadata({
  azd: {
    type: 'location'
  }
})
param location string

@description('Region of the Durable Task scheduler, which is not in every region; empty for that of everything else.')
param schedulerLocation string = ''

@description('How large it is: small (one clinic to about ten), medium (tens of clinics), large (hundreds, redundant over zones). sizes.json has what each means.')
@allowed(['small', 'medium', 'large'])
param size string = 'small'

@description('What keeps the orchestrations: azureManaged (Durable Task Scheduler) or AzureStorage (queues and tables of the storage account). A change leaves running courses behind: see docs/operations.md.')
@allowed(['azureManaged', 'AzureStorage'])
param orchestrationStore string = 'azureManaged'

@description('Whether the app reaches storage, vault, database and scheduler through private endpoints alone.')
param privateNetworking bool = false

@description('Address space of the virtual network, /23 or larger. Used with private networking.')
param networkAddressPrefix string = '10.42.0.0/16'

@description('Address that alerts are mailed to.')
@minLength(6)
param alertEmail string

@description('SID of the Twilio account, AC and 32 letters and digits.')
@minLength(34)
@maxLength(34)
param twilioAccountSid string

@description('SID of the Twilio messaging service to send from, MG...; this or twilioFrom.')
param twilioMessagingServiceSid string = ''

@description('Number to send from, in E.164; this or twilioMessagingServiceSid.')
param twilioFrom string = ''

@description('Twilio auth token. Empty keeps the one in the vault; the first deployment needs it.')
@secure()
param twilioAuthToken string = ''

@description('Root API key of FollowUp, 32 characters or more. Empty keeps the one in the vault; the first deployment needs it.')
@secure()
param rootApiKey string = ''

@description('Address under which Twilio and people reach the app, such as https://texts.clinic.example; empty for the app\'s own.')
param publicUrl string = ''

@description('Entra object id of the administrator of the database; empty for whoever deploys.')
param databaseAdministratorObjectId string = ''

@description('Name of that administrator: the user principal name of a person, the display name of an application or group. Empty for whoever deploys, if that is a person.')
param databaseAdministratorName string = ''

@description('Kind of that administrator.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param databaseAdministratorType string = 'User'

@description('Days for which logs are kept, 30 to 730.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Whether the deleted key vault is kept for 90 days whatever anybody does; its name is taken meanwhile.')
param vaultPurgeProtection bool = true

@description('Minutes for which a text may have been due before operators hear of it.')
@minValue(3)
param oldestDueMinutesThreshold int = 10

@description('Refused, undelivered or unknown texts in 15 minutes that are too many.')
@minValue(1)
param failedSendsThreshold int = 5

@description('Percentage of recipients found opted out, over six hours, that is too many.')
@minValue(1)
@maxValue(100)
param optedOutPercentThreshold int = 3

var tags = { 'azd-env-name': environmentName }

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-followup-${environmentName}'
  location: location
  tags: tags
}

module everything 'everything.bicep' = {
  scope: group
  name: 'followup'
  params: {
    environmentName: environmentName
    location: location
    schedulerLocation: empty(schedulerLocation) ? location : schedulerLocation
    tags: tags
    size: size
    orchestrationStore: orchestrationStore
    privateNetworking: privateNetworking
    networkAddressPrefix: networkAddressPrefix
    alertEmail: alertEmail
    twilioAccountSid: twilioAccountSid
    twilioMessagingServiceSid: twilioMessagingServiceSid
    twilioFrom: twilioFrom
    twilioAuthToken: twilioAuthToken
    rootApiKey: rootApiKey
    publicUrl: publicUrl
    databaseAdministratorObjectId: empty(databaseAdministratorObjectId)
      ? deployer().objectId
      : databaseAdministratorObjectId
    databaseAdministratorName: empty(databaseAdministratorName)
      ? deployer().userPrincipalName
      : databaseAdministratorName
    databaseAdministratorType: databaseAdministratorType
    logRetentionDays: logRetentionDays
    vaultPurgeProtection: vaultPurgeProtection
    oldestDueMinutesThreshold: oldestDueMinutesThreshold
    failedSendsThreshold: failedSendsThreshold
    optedOutPercentThreshold: optedOutPercentThreshold
  }
}

// azd keeps these in the environment, for the scripts and for the next deployment. None of them is a secret.
output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_TENANT_ID string = tenant().tenantId
output SERVICE_API_NAME string = everything.outputs.appName
output FOLLOWUP_URL string = everything.outputs.appUrl
output FOLLOWUP_IDENTITY_NAME string = everything.outputs.identityName
output FOLLOWUP_IDENTITY_PRINCIPAL_ID string = everything.outputs.identityPrincipalId
output FOLLOWUP_VAULT_NAME string = everything.outputs.vaultName
output FOLLOWUP_DATABASE_SERVER string = everything.outputs.databaseServer
output FOLLOWUP_DATABASE_HOST string = everything.outputs.databaseHost
output FOLLOWUP_DATABASE_NAME string = everything.outputs.databaseName
output FOLLOWUP_DATABASE_ADMINISTRATOR string = everything.outputs.databaseAdministrator
output FOLLOWUP_PRIVATE_NETWORKING bool = privateNetworking
